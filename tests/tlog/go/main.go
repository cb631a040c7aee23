// Command checker does with Go's own note and tlog packages what intake/tlog does in Python.
//
// It reads one JSON object from standard input and writes one to standard output. It shares no
// code with the Python side: what both agree on, two implementations agree on.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/mldsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type question struct {
	Command string
	Note    []byte
	Vkeys   []string
	Skey    string
	Text    string
	Folder  string
	Size    int64
	Old     int64
	Index   int64
	Root    tlog.Hash
	OldRoot tlog.Hash
	Entry   []byte
	Entries [][]byte
	Proof   []tlog.Hash
	Tiles   []tlog.Tile
}

type answer struct {
	Error       string
	Text        string
	Keys        []string
	Note        []byte
	Root        tlog.Hash
	Inclusion   []tlog.Hash
	Consistency []tlog.Hash
	Entries     [][]byte
	Paths       []string
	Seconds     float64
}

func main() {
	var q question
	a := &answer{}
	err := json.NewDecoder(os.Stdin).Decode(&q)
	if err == nil {
		err = run(&q, a)
	}
	if err != nil {
		a.Error = err.Error()
	}
	if err := json.NewEncoder(os.Stdout).Encode(a); err != nil {
		panic(err)
	}
}

func run(q *question, a *answer) error {
	switch q.Command {
	case "open":
		return open(q, a)
	case "sign":
		return sign(q, a)
	case "prove":
		return prove(q, a)
	case "check_record":
		return tlog.CheckRecord(q.Proof, q.Size, q.Root, q.Index, tlog.RecordHash(q.Entry))
	case "check_tree":
		return tlog.CheckTree(q.Proof, q.Size, q.Root, q.Old, q.OldRoot)
	case "write":
		return write(q, a)
	case "paths":
		for _, tile := range q.Tiles {
			tile.H = height
			a.Paths = append(a.Paths, ourPath(tile))
		}
		return nil
	case "bench":
		return bench(q, a)
	}
	return fmt.Errorf("unknown command %q", q.Command)
}

// open verifies a note with keys of any of our four types.
func open(q *question, a *answer) error {
	var verifiers []note.Verifier
	for _, vkey := range q.Vkeys {
		verifier, err := newVerifier(vkey)
		if err != nil {
			return err
		}
		verifiers = append(verifiers, verifier)
	}
	opened, err := note.Open(q.Note, note.VerifierList(verifiers...))
	if err != nil {
		return err
	}
	a.Text = opened.Text
	for _, signature := range opened.Sigs {
		a.Keys = append(a.Keys, fmt.Sprintf("%s+%08x", signature.Name, signature.Hash))
	}
	return nil
}

type verifier struct {
	name   string
	hash   uint32
	verify func(msg, sig []byte) bool
}

func (v *verifier) Name() string                { return v.name }
func (v *verifier) KeyHash() uint32             { return v.hash }
func (v *verifier) Verify(msg, sig []byte) bool { return v.verify(msg, sig) }

func newVerifier(vkey string) (note.Verifier, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	_, encoded, _ := strings.Cut(rest, "+")
	tagged, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), tagged...))
	v := &verifier{name: name, hash: binary.BigEndian.Uint32(sum[:])}
	rosterTag := []byte("\xfftestimony-intake/note-ml-dsa-44/v1\n")
	switch {
	case tagged[0] == 1:
		return note.NewVerifier(vkey)
	case tagged[0] == 4:
		v.verify = func(msg, sig []byte) bool {
			signed := fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
			return ed25519.Verify(tagged[1:], signed, sig[8:])
		}
	case tagged[0] == 6:
		key, err := mldsa.NewPublicKey(mldsa.MLDSA44(), tagged[1:])
		if err != nil {
			return nil, err
		}
		v.verify = func(msg, sig []byte) bool {
			signed, err := cosigned(name, msg, sig[:8])
			return err == nil && mldsa.Verify(key, signed, sig[8:], nil) == nil
		}
	case bytes.HasPrefix(tagged, rosterTag):
		key, err := mldsa.NewPublicKey(mldsa.MLDSA44(), tagged[len(rosterTag):])
		if err != nil {
			return nil, err
		}
		v.verify = func(msg, sig []byte) bool { return mldsa.Verify(key, msg, sig, nil) == nil }
	default:
		return nil, fmt.Errorf("unknown type of key %q", name)
	}
	return v, nil
}

// cosigned makes the cosigned_message of c2sp.org/tlog-cosignature.
func cosigned(name string, msg, timestamp []byte) ([]byte, error) {
	lines := strings.Split(string(msg), "\n")
	var size uint64
	if _, err := fmt.Sscan(lines[1], &size); err != nil {
		return nil, err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("subtree/v1\n\x00")
	b.WriteByte(byte(len(name)))
	b.WriteString(name)
	b.Write(timestamp)
	b.WriteByte(byte(len(lines[0])))
	b.WriteString(lines[0])
	b.Write(make([]byte, 8))
	b.Write(binary.BigEndian.AppendUint64(nil, size))
	b.Write(root[:])
	return b.Bytes(), nil
}

func sign(q *question, a *answer) error {
	signer, err := note.NewSigner(q.Skey)
	if err != nil {
		return err
	}
	a.Note, err = note.Sign(&note.Note{Text: q.Text}, signer)
	return err
}

// ourPath is the path of c2sp.org/tlog-tiles, which has no height in it.
func ourPath(tile tlog.Tile) string {
	path := tile.Path()
	return "tile" + strings.TrimPrefix(path, "tile/8")
}

type folder string

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var contents [][]byte
	for _, tile := range tiles {
		content, err := os.ReadFile(filepath.Join(string(f), ourPath(tile)))
		if err != nil {
			return nil, err
		}
		contents = append(contents, content)
	}
	return contents, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// prove reads a folder of tiles, proves an entry and an older tree, and checks its own proofs.
func prove(q *question, a *answer) error {
	tree := tlog.Tree{N: q.Size, Hash: q.Root}
	reader := tlog.TileHashReader(tree, folder(q.Folder))
	root, err := tlog.TreeHash(q.Size, reader)
	if err != nil {
		return err
	}
	a.Root = root
	if a.Inclusion, err = tlog.ProveRecord(q.Size, q.Index, reader); err != nil {
		return err
	}
	oldRoot, err := tlog.TreeHash(q.Old, reader)
	if err != nil {
		return err
	}
	if a.Consistency, err = tlog.ProveTree(q.Size, q.Old, reader); err != nil {
		return err
	}
	if err := tlog.CheckTree(a.Consistency, q.Size, q.Root, q.Old, oldRoot); err != nil {
		return err
	}
	return readBundles(q, a, reader)
}

// readBundles reads all entries and compares their hashes with those that the root proves.
func readBundles(q *question, a *answer, reader tlog.HashReader) error {
	for first := int64(0); first < q.Size; first += 256 {
		width := min(256, q.Size-first)
		name := tlog.Tile{H: height, L: 0, N: first / 256, W: int(width)}
		path := strings.Replace(ourPath(name), "tile/0/", "tile/entries/", 1)
		content, err := os.ReadFile(filepath.Join(q.Folder, path))
		if err != nil {
			return err
		}
		for i := range width {
			length := binary.BigEndian.Uint16(content)
			entry := content[2 : 2+length]
			content = content[2+length:]
			hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, first+i)})
			if err != nil {
				return err
			}
			if hashes[0] != tlog.RecordHash(entry) {
				return fmt.Errorf("entry %d is another one", first+i)
			}
			a.Entries = append(a.Entries, entry)
		}
		if len(content) != 0 {
			return fmt.Errorf("%s goes on", path)
		}
	}
	return nil
}

// store keeps all hashes of a tree in memory.
type store []tlog.Hash

func (s *store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, (*s)[index])
	}
	return hashes, nil
}

func (s *store) add(n int64, entry []byte) error {
	hashes, err := tlog.StoredHashes(n, entry, s)
	*s = append(*s, hashes...)
	return err
}

// write makes the tiles of a log of these entries, and the two proofs asked for.
func write(q *question, a *answer) error {
	s := &store{}
	for i, entry := range q.Entries {
		if err := s.add(int64(i), entry); err != nil {
			return err
		}
	}
	size := int64(len(q.Entries))
	for _, tile := range tlog.NewTiles(height, 0, size) {
		content, err := tlog.ReadTileData(tile, s)
		if err != nil {
			return err
		}
		if err := save(q.Folder, ourPath(tile), content); err != nil {
			return err
		}
		if tile.L == 0 {
			var bundle []byte
			for _, entry := range q.Entries[tile.N*256 : tile.N*256+int64(tile.W)] {
				bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
				bundle = append(bundle, entry...)
			}
			path := strings.Replace(ourPath(tile), "tile/0/", "tile/entries/", 1)
			if err := save(q.Folder, path, bundle); err != nil {
				return err
			}
		}
	}
	var err error
	if a.Root, err = tlog.TreeHash(size, s); err != nil {
		return err
	}
	if a.Inclusion, err = tlog.ProveRecord(size, q.Index, s); err != nil {
		return err
	}
	a.Consistency, err = tlog.ProveTree(size, q.Old, s)
	return err
}

func save(folder, path string, content []byte) error {
	full := filepath.Join(folder, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return err
	}
	return os.WriteFile(full, content, 0o600)
}

// cpuSeconds is what this process has used, its garbage collector included.
func cpuSeconds() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// bench hashes a log of 33-byte entries into its root.
func bench(q *question, a *answer) error {
	start := cpuSeconds()
	s := &store{}
	entry := make([]byte, 33)
	entry[0] = 'B'
	for i := range q.Size {
		binary.BigEndian.PutUint64(entry[25:], uint64(i))
		if err := s.add(i, entry); err != nil {
			return err
		}
	}
	root, err := tlog.TreeHash(q.Size, s)
	a.Root, a.Seconds = root, cpuSeconds()-start
	return err
}
