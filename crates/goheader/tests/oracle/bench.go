package main

import (
	"bufio"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"syscall"
	"time"
)

// bench tells the CPU time for all files, which are in memory already.
func bench() {
	var files [][]byte
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		data, err := os.ReadFile(lines.Text())
		check(err)
		files = append(files, data)
	}
	measure("go/parser", func() {
		for _, data := range files {
			_, _ = parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly|parser.ParseComments)
		}
	})
	measure("go/build", func() {
		for _, data := range files {
			info := &fileInfo{fset: token.NewFileSet()}
			_ = readGoInfo(reader(data), info)
			_, _, _, _ = getConstraints(info.header)
		}
	})
}

// measure prints the least CPU time of five runs.
func measure(name string, run func()) {
	least := time.Hour
	for range 5 {
		before := cpu()
		run()
		least = min(least, cpu()-before)
	}
	fmt.Printf("%s: %v\n", name, least)
}

func cpu() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
