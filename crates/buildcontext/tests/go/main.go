// Answers questions about .dockerignore semantics with the libraries that docker build uses: one JSON question a line,
// one JSON answer a line. Paths and patterns are base64, since they need not be text.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	gofs "io/fs"
	"os"
	"path/filepath"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

type question struct {
	Op       string
	Data     []byte
	Patterns []string
	Paths    [][]byte
	Dir      string
	Follow   []string
}

type sent struct {
	Path     string
	Mode     uint32
	Size     int64
	Linkname string
}

type answer struct {
	Error    string   `json:",omitempty"`
	Patterns []string `json:",omitempty"`
	// Of each path: MatchesOrParentMatches, Matches, MatchesUsingParentResults from the root down; 2 is an error.
	Matches [][]int `json:",omitempty"`
	Sent    []sent  `json:",omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<30)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			panic(err)
		}
		data, err := json.Marshal(reply(q))
		if err != nil {
			panic(err)
		}
		out.Write(append(data, '\n'))
	}
}

func reply(q question) (a answer) {
	var err error
	switch q.Op {
	case "clean":
		for _, path := range q.Paths {
			a.Patterns = append(a.Patterns, filepath.Clean(string(path)))
		}
	case "shell":
		// The patterns against the paths, one to one.
		for i, path := range q.Paths {
			ok, err := filepath.Match(q.Patterns[i], string(path))
			a.Matches = append(a.Matches, []int{verdict(ok, err)})
		}
	case "read":
		a.Patterns, err = ignorefile.ReadAll(bytes.NewReader(q.Data))
	case "match":
		a.Matches, err = match(q)
	case "walk":
		a.Sent, err = walk(q)
	case "follow":
		var fs fsutil.FS
		if fs, err = fsutil.NewFS(q.Dir); err == nil {
			a.Patterns, err = fsutil.FollowLinks(fs, q.Follow)
		}
	}
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

func verdict(ok bool, err error) int {
	if err != nil {
		return 2
	}
	if ok {
		return 1
	}
	return 0
}

func match(q question) ([][]int, error) {
	pm, err := patternmatcher.New(q.Patterns)
	if err != nil {
		return nil, err
	}
	var all [][]int
	for _, data := range q.Paths {
		path := string(data)
		parents := verdict(pm.MatchesOrParentMatches(path))
		single := verdict(pm.Matches(path))
		var info patternmatcher.MatchInfo
		var ok bool
		var err error
		for i := 0; i <= len(path) && err == nil; i++ {
			if i == len(path) || path[i] == '/' {
				ok, info, err = pm.MatchesUsingParentResults(path[:i], info)
			}
		}
		all = append(all, []int{parents, single, verdict(ok, err)})
	}
	return all, nil
}

func walk(q question) ([]sent, error) {
	fs, err := fsutil.NewFS(q.Dir)
	if err != nil {
		return nil, err
	}
	fs, err = fsutil.NewFilterFS(fs, &fsutil.FilterOpt{ExcludePatterns: q.Patterns, FollowPaths: q.Follow})
	if err != nil {
		return nil, err
	}
	fs = fsutil.WithHardlinkReset(fs)
	var all []sent
	err = fs.Walk(context.Background(), "/", func(path string, entry gofs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		stat := info.Sys().(*types.Stat)
		all = append(all, sent{stat.Path, stat.Mode, stat.Size, stat.Linkname})
		return nil
	})
	return all, err
}
