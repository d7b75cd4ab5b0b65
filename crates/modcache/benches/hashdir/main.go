// What golang.org/x/mod says of folders and module zips: the peer of `examples/hashdir.rs`, and of the
// tests beside it.
//
//	hashdir                          the h1 sum of each folder that standard input names
//	hashdir zip FILE                 the h1 sum of a zip
//	hashdir make FILE                a zip of the JSON list [{"Name","Content"}] of standard input
//	hashdir check FILE PATH VERSION  whether it may be the zip of that module
package main

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

func main() {
	said, err := run(os.Args[1:])
	if err != nil {
		said = err.Error()
	}
	fmt.Println(said)
}

func run(args []string) (string, error) {
	switch {
	case len(args) == 2 && args[0] == "zip":
		return dirhash.HashZip(args[1], dirhash.Hash1)
	case len(args) == 2 && args[0] == "make":
		return "made", pack(args[1])
	case len(args) == 4 && args[0] == "check":
		checked, err := modzip.CheckZip(module.Version{Path: args[2], Version: args[3]}, args[1])
		if err == nil {
			err = checked.Err()
		}
		return "ok", err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		sum, err := dirhash.HashDir(lines.Text(), "x@v1", dirhash.Hash1)
		if err != nil {
			sum = err.Error()
		}
		fmt.Println(sum)
	}
	return "", lines.Err()
}

func pack(name string) error {
	var entries []struct{ Name, Content string }
	if err := json.NewDecoder(os.Stdin).Decode(&entries); err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	packed := zip.NewWriter(file)
	for _, entry := range entries {
		into, err := packed.Create(entry.Name)
		if err != nil {
			return err
		}
		if _, err := into.Write([]byte(entry.Content)); err != nil {
			return err
		}
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return file.Close()
}
