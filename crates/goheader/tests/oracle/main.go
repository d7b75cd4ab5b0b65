// The program tells what the installed Go says: go/build, go/parser and go/build/constraint.
//
// It reads requests, each a line `KIND NAME LENGTH` (NAME quoted as a Go string) and LENGTH bytes, and answers each
// with a line of JSON. As `oracle bench` it reads the files that standard input lists and tells how long go/build's
// reader and go/parser take.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "bench" {
		bench()
		return
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			return
		}
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		quoted, err := strconv.QuotedPrefix(rest)
		check(err)
		name, err := strconv.Unquote(quoted)
		check(err)
		length, err := strconv.Atoi(strings.TrimSpace(rest[len(quoted):]))
		check(err)
		data := make([]byte, length)
		_, err = io.ReadFull(in, data)
		check(err)
		check(encoder.Encode(answer(kind, name, data)))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func answer(kind, name string, data []byte) any {
	switch kind {
	case "go":
		return goFile(data)
	case "other":
		return otherFile(data)
	case "list":
		return goList(name, data)
	case "constraint":
		return constraintLine(string(data))
	case "match":
		return matchFile(name, data)
	case "unicode":
		return unicodeClasses()
	}
	panic("unknown kind " + kind)
}

// unicodeClasses lists all code points of each class, as ranges.
func unicodeClasses() any {
	classes := map[string]func(rune) bool{
		"letter": unicode.IsLetter, "upper": unicode.IsUpper, "digit": unicode.IsDigit,
		"punct": unicode.IsPunct, "print": strconv.IsPrint, "space": unicode.IsSpace,
	}
	answer := map[string][]rune{}
	for name, is := range classes {
		last := false
		for r := rune(0); r <= unicode.MaxRune+1; r++ {
			if now := r <= unicode.MaxRune && is(r); now != last {
				answer[name] = append(answer[name], r)
				last = now
			}
		}
	}
	return answer
}

// A reader that tells how much was read of it would read too much; this one is all in memory.
func reader(data []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(data)) }

func text(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprint(err)
}
