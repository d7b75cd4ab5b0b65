// Answers questions about golang.org/x/mod/sumdb: a JSON request a line, a JSON answer a line.
package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type request struct {
	Op     string
	Keys   []string
	Name   string
	Text   string
	Path   string
	Data   []byte
	Seed   []byte
	Key    []byte
	Sig    []byte
	Hash   []byte
	Old    []byte
	Hashes [][]byte
	Texts  []string
	Height int
	Level  int
	N      int64
	Size   int64
	Index  int64
	Sizes  []int64
	Idxs   []int64
	Pairs  [][2]int64
	Remote map[string][]byte
	Cache  map[string][]byte
	Config []byte
	Skip   string
	Look   [][2]string
}

type answer map[string]any

func fail(err error) answer { return answer{"error": []byte(err.Error())} }

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<28)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var r request
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			panic(err)
		}
		line, err := json.Marshal(ask(&r))
		if err != nil {
			panic(err)
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	if err := in.Err(); err != nil {
		panic(err)
	}
}

func ask(r *request) (a answer) {
	defer func() {
		if e := recover(); e != nil {
			a = answer{"panic": fmt.Sprint(e)}
		}
	}()
	switch r.Op {
	case "open":
		return open(r)
	case "vkey":
		v, err := note.NewVerifier(r.Text)
		if err != nil {
			return fail(err)
		}
		return answer{"name": v.Name(), "hash": v.KeyHash()}
	case "sign":
		return sign(r)
	case "ed25519":
		return answer{"ok": len(r.Key) == ed25519.PublicKeySize && ed25519.Verify(r.Key, r.Data, r.Sig)}
	case "tree":
		tree, err := tlog.ParseTree(r.Data)
		if err != nil {
			return fail(err)
		}
		return answer{"size": tree.N, "hash": tree.Hash.String(), "format": tlog.FormatTree(tree)}
	case "record":
		id, text, rest, err := tlog.ParseRecord(r.Data)
		if err != nil {
			return fail(err)
		}
		return answer{"id": id, "text": text, "rest": rest}
	case "format":
		data, err := tlog.FormatRecord(r.N, r.Data)
		if err != nil {
			return fail(err)
		}
		return answer{"data": data}
	case "hash":
		hash, err := tlog.ParseHash(r.Text)
		if err != nil {
			return fail(err)
		}
		return answer{"hash": hash.String()}
	case "tile":
		tile, err := tlog.ParseTilePath(r.Path)
		if err != nil {
			return fail(err)
		}
		return answer{"h": tile.H, "l": tile.L, "n": tile.N, "w": tile.W, "path": tile.Path()}
	case "index":
		index := tlog.StoredHashIndex(r.Level, r.N)
		return answer{"index": index}
	case "split":
		level, n := tlog.SplitStoredHashIndex(r.Index)
		return answer{"level": level, "n": n, "tile": tlog.TileForIndex(r.Height, r.Index).Path(), "count": tlog.StoredHashCount(r.Index)}
	case "newtiles":
		paths := []string{}
		for _, tile := range tlog.NewTiles(r.Height, r.N, r.Size) {
			paths = append(paths, tile.Path())
		}
		return answer{"paths": paths}
	case "hashfromtile":
		tile, err := tlog.ParseTilePath(r.Path)
		if err != nil {
			panic(err)
		}
		hash, err := tlog.HashFromTile(tile, r.Data, r.Index)
		if err != nil {
			return fail(err)
		}
		return answer{"hash": hash.String()}
	case "checkrecord":
		if err := tlog.CheckRecord(hashes(r.Hashes), r.Size, hash(r.Hash), r.N, hash(r.Old)); err != nil {
			return fail(err)
		}
		return answer{"ok": true}
	case "checktree":
		if err := tlog.CheckTree(hashes(r.Hashes), r.Size, hash(r.Hash), r.N, hash(r.Old)); err != nil {
			return fail(err)
		}
		return answer{"ok": true}
	case "log":
		return makeLog(r)
	case "tilehashes":
		tr := &tiles{height: r.Height, data: r.Remote, saved: []string{}}
		hs, err := tlog.TileHashReader(tlog.Tree{N: r.Size, Hash: hash(r.Hash)}, tr).ReadHashes(r.Idxs)
		if err != nil {
			return fail(err)
		}
		return answer{"hashes": words(hs), "saved": tr.saved}
	case "client":
		return client(r)
	}
	panic("unknown op " + r.Op)
}

func hash(b []byte) (h tlog.Hash) {
	copy(h[:], b)
	return h
}

func hashes(list [][]byte) (hs []tlog.Hash) {
	for _, b := range list {
		hs = append(hs, hash(b))
	}
	return hs
}

func words(hs []tlog.Hash) []string {
	list := []string{}
	for _, h := range hs {
		list = append(list, h.String())
	}
	return list
}

func open(r *request) answer {
	var list []note.Verifier
	for _, key := range r.Keys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return fail(err)
		}
		list = append(list, v)
	}
	n, err := note.Open(r.Data, note.VerifierList(list...))
	a := answer{}
	if err != nil {
		a = fail(err)
		var unverified *note.UnverifiedNoteError
		if !errors.As(err, &unverified) {
			return a
		}
		n = unverified.Note
	}
	sigs := func(list []note.Signature) (lines []string) {
		for _, sig := range list {
			lines = append(lines, fmt.Sprintf("%s+%08x %s", sig.Name, sig.Hash, sig.Base64))
		}
		return lines
	}
	a["text"], a["sigs"], a["unverified"] = n.Text, sigs(n.Sigs), sigs(n.UnverifiedSigs)
	return a
}

func sign(r *request) answer {
	private := ed25519.NewKeyFromSeed(r.Seed)
	vkey, err := note.NewEd25519VerifierKey(r.Name, private.Public().(ed25519.PublicKey))
	if err != nil {
		return fail(err)
	}
	signer := signer(r.Name, r.Seed)
	msg, err := note.Sign(&note.Note{Text: r.Text}, signer)
	if err != nil {
		return fail(err)
	}
	return answer{"vkey": vkey, "data": msg}
}

func signer(name string, seed []byte) note.Signer {
	private := ed25519.NewKeyFromSeed(seed)
	public := append([]byte{1}, private.Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte(name+"\n"), public...))
	key := base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))
	s, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, binary.BigEndian.Uint32(sum[:]), key))
	if err != nil {
		panic(err)
	}
	return s
}

type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) (list []tlog.Hash, err error) {
	for _, i := range indexes {
		list = append(list, s[i])
	}
	return list, nil
}

func makeLog(r *request) answer {
	var s store
	for i, text := range r.Texts {
		hs, err := tlog.StoredHashes(int64(i), []byte(text), s)
		if err != nil {
			return fail(err)
		}
		s = append(s, hs...)
	}
	trees := []string{}
	for _, size := range r.Sizes {
		h, err := tlog.TreeHash(size, s)
		if err != nil {
			return fail(err)
		}
		trees = append(trees, h.String())
	}
	records, older := [][]string{}, [][]string{}
	for _, pair := range r.Pairs {
		p, err := tlog.ProveRecord(pair[0], pair[1], s)
		if err != nil {
			return fail(err)
		}
		records = append(records, words(p))
		q, err := tlog.ProveTree(pair[0], pair[1]+1, s)
		if err != nil {
			return fail(err)
		}
		older = append(older, words(q))
	}
	data := map[string][]byte{}
	for _, tile := range tlog.NewTiles(r.Height, 0, int64(len(r.Texts))) {
		d, err := tlog.ReadTileData(tile, s)
		if err != nil {
			return fail(err)
		}
		data[tile.Path()] = d
	}
	return answer{"hashes": words(s), "trees": trees, "records": records, "older": older, "tiles": data}
}

type tiles struct {
	height int
	data   map[string][]byte
	saved  []string
}

func (t *tiles) Height() int { return t.height }

func (t *tiles) ReadTiles(list []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range list {
		d, ok := t.data[tile.Path()]
		if !ok {
			return nil, fmt.Errorf("no tile %s", tile.Path())
		}
		data = append(data, d)
	}
	return data, nil
}

func (t *tiles) SaveTiles(list []tlog.Tile, data [][]byte) {
	for _, tile := range list {
		t.saved = append(t.saved, tile.Path())
	}
}

type world struct {
	mu     sync.Mutex
	r      *request
	wrote  map[string][]byte
	alarms []string
}

func (w *world) ReadRemote(path string) ([]byte, error) {
	if data, ok := w.r.Remote[path]; ok {
		return data, nil
	}
	return nil, errors.New("not found: " + path)
}

func (w *world) ReadConfig(file string) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if file == "key" {
		return []byte(w.r.Keys[0]), nil
	}
	return w.r.Config, nil
}

func (w *world) WriteConfig(file string, old, new []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.r.Config = new
	return nil
}

func (w *world) ReadCache(file string) ([]byte, error) {
	if data, ok := w.r.Cache[file]; ok {
		return data, nil
	}
	return nil, errors.New("not cached: " + file)
}

func (w *world) WriteCache(file string, data []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrote[file] = data
}

func (w *world) Log(msg string) {}

func (w *world) SecurityError(msg string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarms = append(w.alarms, msg)
}

func client(r *request) answer {
	w := &world{r: r, wrote: map[string][]byte{}, alarms: []string{}}
	c := sumdb.NewClient(w)
	if r.Height != 0 {
		c.SetTileHeight(r.Height)
	}
	if r.Skip != "" {
		c.SetGONOSUMDB(r.Skip)
	}
	results := []string{}
	for _, look := range r.Look {
		lines, err := c.Lookup(look[0], look[1])
		if err != nil {
			results = append(results, base64.StdEncoding.EncodeToString([]byte("error: "+err.Error())))
			continue
		}
		results = append(results, base64.StdEncoding.EncodeToString([]byte(strings.Join(lines, "\n"))))
	}
	names := []string{}
	for name := range w.wrote {
		names = append(names, name)
	}
	sort.Strings(names)
	return answer{"results": results, "config": r.Config, "wrote": names, "data": w.wrote, "alarms": w.alarms}
}
