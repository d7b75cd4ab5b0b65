// Says of programs what Go's own packages read in them, a line of JSON each.
package main

import (
	"debug/buildinfo"
	"debug/dwarf"
	"debug/elf"
	"debug/gosym"
	"debug/macho"
	"debug/pe"
	"encoding/json"
	"fmt"
	"os"
	"sort"
)

// program is what is compared.
type program struct {
	GoVersion string
	Path      string
	Settings  map[string]string
	Modules   []string
	// Functions by address, as gosym has them.
	Functions int
	First     string
	Last      string
	// Addresses of DW_TAG_subprogram entries with code.
	Subprograms int
}

func main() {
	for _, path := range os.Args[1:] {
		out, err := read(path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			os.Exit(1)
		}
		text, _ := json.Marshal(out)
		fmt.Println(string(text))
	}
}

func read(path string) (program, error) {
	var out program
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return out, err
	}
	out.GoVersion, out.Path = info.GoVersion, info.Path
	out.Settings = map[string]string{}
	for _, setting := range info.Settings {
		out.Settings[setting.Key] = setting.Value
	}
	for _, dep := range info.Deps {
		out.Modules = append(out.Modules, dep.Path+"@"+dep.Version+" "+dep.Sum)
	}
	table, text, data, err := tables(path)
	if err != nil {
		return out, err
	}
	if table != nil {
		symbols, err := gosym.NewTable(nil, gosym.NewLineTable(table, text))
		if err != nil {
			return out, err
		}
		functions := symbols.Funcs
		sort.Slice(functions, func(i, j int) bool { return functions[i].Entry < functions[j].Entry })
		out.Functions = len(functions)
		name := func(f gosym.Func) string { return fmt.Sprintf("%x %s", f.Entry, f.Name) }
		out.First, out.Last = name(functions[0]), name(functions[len(functions)-1])
	}
	if data != nil {
		seen := map[uint64]bool{}
		reader := data.Reader()
		for {
			entry, err := reader.Next()
			if err != nil {
				return out, err
			}
			if entry == nil {
				break
			}
			if entry.Tag == dwarf.TagSubprogram {
				if low, ok := entry.Val(dwarf.AttrLowpc).(uint64); ok {
					seen[low] = true
				}
			}
		}
		out.Subprograms = len(seen)
	}
	return out, nil
}

// tables are the function table, where the code begins, and DWARF.
func tables(path string) ([]byte, uint64, *dwarf.Data, error) {
	if file, err := elf.Open(path); err == nil {
		data, _ := file.DWARF()
		for _, name := range []string{".gopclntab", ".data.rel.ro.gopclntab"} {
			if section := file.Section(name); section != nil {
				table, err := section.Data()
				return table, file.Section(".text").Addr, data, err
			}
		}
		return nil, 0, data, nil
	}
	if file, err := macho.Open(path); err == nil {
		data, _ := file.DWARF()
		table, err := file.Section("__gopclntab").Data()
		return table, file.Section("__text").Addr, data, err
	}
	file, err := pe.Open(path)
	if err != nil {
		return nil, 0, nil, err
	}
	data, _ := file.DWARF()
	// The symbol table of PE has the function table's place, where it is not stripped.
	var start, end, base uint64
	if header, ok := file.OptionalHeader.(*pe.OptionalHeader64); ok {
		base = header.ImageBase
	}
	if header, ok := file.OptionalHeader.(*pe.OptionalHeader32); ok {
		base = uint64(header.ImageBase)
	}
	var section *pe.Section
	for _, symbol := range file.Symbols {
		switch symbol.Name {
		case "runtime.pclntab":
			start, section = uint64(symbol.Value), file.Sections[symbol.SectionNumber-1]
		case "runtime.epclntab":
			end = uint64(symbol.Value)
		}
	}
	if section == nil {
		return nil, 0, data, nil
	}
	bytes, err := section.Data()
	if err != nil {
		return nil, 0, nil, err
	}
	return bytes[start:end], base + uint64(file.Section(".text").VirtualAddress), data, nil
}
