package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/gsmpanel/gsmpanel/panel"
)

// The library makes the tree of a file, with places. What may stand where is said
// here and in import_file.go, so that every refusal is one sentence of ours: the
// library's quote the file, and a code may stand in it by mistake.

// misplaced is what is wrong at a place of a file.
type misplaced struct {
	at       panel.Place
	sentence string
	hint     string
}

func (m *misplaced) Error() string { return m.at.Refuse(errors.New(m.sentence)).Error() }

// Hint says what to try, or "".
func (m *misplaced) Hint() string { return m.hint }

func wrong(at panel.Place, hint, format string, args ...any) error {
	return &misplaced{at, fmt.Sprintf(format, args...), hint}
}

// placeOf is where a node begins.
func placeOf(n ast.Node) panel.Place {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		n = m.Values[0].Key // its own token is the colon behind it
	}
	return placed(n.GetToken())
}

func placed(t *token.Token) panel.Place {
	if t == nil || t.Position == nil {
		return panel.Place{Line: 1, Column: 1}
	}
	return panel.Place{Line: max(t.Position.Line, 1), Column: max(t.Position.Column, 1)}
}

// Limits of a file, so that none keeps the library busy or makes it nest too deep.
const (
	maxFile = 256 << 10 // bytes: more than a full panel's file has, and as an edit it passes the socket
	maxLine = 4000      // bytes
	maxDeep = 16        // brackets that are open at once
	maxKeys = 5000      // its time grows with their square, to a second or two
)

// tree reads a file as far as YAML goes.
func tree(data []byte) (ast.Node, error) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	if err := sane(text); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(text)
	if err := modest(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var at interface{ GetToken() *token.Token }
		where := panel.Place{}
		if errors.As(err, &at) {
			where = placed(at.GetToken())
		}
		return nil, wrong(where, "gsmpanel export shows how a file looks", "the file is no YAML from here on: each line is KEY: VALUE or - ENTRY, set in by blanks and not by tabs, and a text with signs such as : or # in it stands in quotation marks, for example address: \"12 Mill Lane\"")
	}
	docs := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil })
	switch len(docs) {
	case 0:
		return nil, wrong(panel.Place{}, "gsmpanel export shows how a file looks", "nothing stands in the file; it needs version: 1 and what is to be taken over")
	case 1:
		s := strange{}
		ast.Walk(&s, docs[0].Body)
		return docs[0].Body, s.err
	}
	return nil, wrong(panel.Place{}, "", "the file holds %d documents, and one is allowed, as gsmpanel export writes it", len(docs))
}

// strange looks for what makes one place of a file stand for another, or for a type.
type strange struct{ err error }

// Visit looks at a node and at all in it.
func (s *strange) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode, *ast.DirectiveNode:
		if s.err == nil {
			s.err = wrong(placed(n.GetToken()), "a text that begins with & * ! or % stands in quotation marks", "anchors, aliases, tags and directives (& * << ! %%) are not allowed; write what is meant, for example name: Home")
		}
	}
	return s
}

// sane refuses what no file of a configuration has.
func sane(text string) error {
	if len(text) > maxFile {
		return wrong(panel.Place{}, "", "the file is longer than %d KiB, which no configuration needs; give one that gsmpanel export wrote", maxFile>>10)
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		at := panel.Place{Line: n, Column: 1}
		odd := strings.IndexFunc(line, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\r\n", r) || r == 0x7f })
		switch {
		case !utf8.ValidString(line):
			return wrong(at, "", "the file is not text in UTF-8; save it as UTF-8")
		case odd >= 0:
			return wrong(panel.Place{Line: n, Column: odd + 1}, "", "a sign stands there that cannot be seen; type the line again")
		case len(line) > maxLine:
			return wrong(at, "", "the line is longer than %d bytes, which nothing needs; part it", maxLine)
		}
	}
	return nil
}

// modest refuses what would be too much for the parser: brackets in brackets, and
// keys without end.
func modest(tokens token.Tokens) error {
	deep, keys := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			deep++
		case token.SequenceEndType, token.MappingEndType:
			deep--
		case token.MappingValueType, token.MappingKeyType, token.DocumentHeaderType, token.DocumentEndType:
			keys++
		}
		switch {
		case deep > maxDeep:
			return wrong(placed(t), "", "more than %d brackets are open there, which nothing needs; close them, for example classes: [life, alarm]", maxDeep)
		case keys > maxKeys:
			return wrong(placed(t), "", "that is more than %d keys, which no configuration needs; give a file that gsmpanel export wrote", maxKeys)
		}
	}
	return nil
}

// fileKey is a key that may stand in a mapping, and what reads its value.
type fileKey struct {
	key  string
	read func(ast.Node) error
	must bool
}

// mapping reads a mapping that has those keys and no others. what names it, with an
// example of a line in it.
func mapping(n ast.Node, what, example string, fields ...fileKey) error {
	var names []string
	for _, f := range fields {
		names = append(names, f.key)
	}
	seen := map[string]bool{}
	err := pairs(n, what, example, func(key string, at, value ast.Node) error {
		i := slices.Index(names, key)
		if i < 0 {
			return unknownKey(placeOf(at), what, key, names)
		}
		seen[key] = true
		return fields[i].read(value)
	})
	if err != nil {
		return err
	}
	for _, f := range fields {
		if f.must && !seen[f.key] {
			return wrong(placeOf(n), "", "%s needs %s, for example %s", what, f.key, example)
		}
	}
	return nil
}

// secretKeys are keys that somebody may expect in a file.
var secretKeys = []string{"code", "codes", "digits", "duress", "key", "keys", "kind", "maker-key", "password", "pin", "word"}

func unknownKey(at panel.Place, what, key string, names []string) error {
	hint := ""
	if near := nearest(key, names); near != "" {
		hint = "try " + near
	}
	if slices.Contains(secretKeys, strings.ToLower(key)) {
		hint = "no code, kind or key stands in a file; gsmpanel code add NAME makes codes"
	}
	allowed := "allowed are " + strings.Join(names, ", ")
	if what == settingsPart {
		allowed = "gsmpanel settings list shows all that are allowed, for example exit-delay: 45s"
	}
	return wrong(at, hint, "%s has no key %s; %s", what, masked(key), allowed)
}

// pairs reads a mapping with any keys, each once.
func pairs(n ast.Node, what, example string, each func(key string, at, value ast.Node) error) error {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return wrong(placeOf(n), "", "%s consists of lines KEY: VALUE, for example %s", what, example)
	}
	first := map[string]panel.Place{}
	for _, v := range values {
		key, ok := scalarText(v.Key)
		if !ok {
			return wrong(placeOf(v.Key), "", "this cannot be a key; a key is one word, for example %s", example)
		}
		if before, twice := first[key]; twice {
			return wrong(placeOf(v.Key), "", "%s stands in line %d already; leave one of them out", masked(key), before.Line)
		}
		first[key] = placeOf(v.Key)
		if err := each(key, v.Key, v.Value); err != nil {
			return err
		}
	}
	return nil
}

// list reads a list, which may be empty.
func list(n ast.Node, what, example string, each func(ast.Node) error) error {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return wrong(placeOf(n), "", "%s is a list, each entry with - before it and [] where there is none, for example %s", what, example)
	}
	for _, v := range s.Values {
		if err := each(v); err != nil {
			return err
		}
	}
	return nil
}

// scalarText is what stands there, as it is written.
func scalarText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func textIn(key, example string, take func(string)) fileKey {
	return fileKey{key: key, read: func(n ast.Node) error {
		s, ok := scalarText(n)
		if !ok {
			return wrong(placeOf(n), "", "%s needs one value, and \"\" where there is none, for example %s: %s", key, key, example)
		}
		take(s)
		return nil
	}}
}

// required is a key without which its mapping is refused.
func required(f fileKey) fileKey {
	f.must = true
	return f
}

func truthIn(key string, to *bool) fileKey {
	return fileKey{key: key, read: func(n ast.Node) error {
		switch s, _ := scalarText(n); strings.ToLower(s) {
		case "true", "yes", "on":
			*to = true
		case "false", "no", "off":
			*to = false
		default:
			return wrong(placeOf(n), "", "%s cannot be %s; true and false are allowed, for example %s: true", key, masked(s), key)
		}
		return nil
	}}
}

func wholeIn(key, example string, to *int) fileKey {
	return fileKey{key: key, read: func(n ast.Node) error {
		s, _ := scalarText(n)
		v, err := strconv.Atoi(s)
		if err != nil {
			return wrong(placeOf(n), "", "%s cannot be %s; a whole number is allowed, for example %s: %s", key, masked(s), key, example)
		}
		*to = v
		return nil
	}}
}

// textsIn reads a list of texts.
func textsIn(key, example string, take func([]string)) fileKey {
	return fileKey{key: key, read: func(n ast.Node) error {
		all := []string{}
		err := list(n, key, key+": "+example, func(n ast.Node) error {
			return textIn("an entry of "+key, "Anna", func(s string) { all = append(all, s) }).read(n)
		})
		take(all)
		return err
	}}
}

var digitRun = regexp.MustCompile(`[0-9]{4,}`)

// masked quotes what stands in a file, shortened, without what may be a code.
func masked(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return strconv.Quote(digitRun.ReplaceAllString(s, "••••"))
}
