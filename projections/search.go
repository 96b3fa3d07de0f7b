package projections

import (
	"strings"
	"unicode"
)

// Bigrams turns text into the words a full-text index holds: every two neighbouring Chinese characters, and whole words of letters and digits in lower case. Chinese has no spaces, so only overlapping pairs find a word of
// two characters in the middle of a sentence. Full-width letters and digits and the brackets of document numbers are made plain
// first, so that 澄水立〔2026〕1号 is found however it was typed.
func Bigrams(texts ...string) string {
	var b strings.Builder
	for _, text := range texts {
		for _, word := range words(text) {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(word)
		}
	}
	return b.String()
}

const maxQuery = 200 // characters

// Match turns what somebody typed into a full-text query that finds the texts with all its parts: words separated by spaces
// stand anywhere, what is written together stands together. Nothing in it is an operator. It returns "" if there is nothing to
// search for. Characters after the 200th are not looked at.
func Match(query string) string {
	if runes := []rune(query); len(runes) > maxQuery {
		query = string(runes[:maxQuery])
	}
	var phrases []string
	for _, part := range strings.FieldsFunc(query, unicode.IsSpace) {
		if w := words(part); len(w) > 0 {
			phrases = append(phrases, phrase(w))
		}
	}
	return strings.Join(phrases, " AND ")
}

// phrase quotes words. What was typed may break off inside a word, so a last word that is not a pair matches as a beginning;
// a Latin one only from three letters on, or it would match too much.
func phrase(w []string) string {
	if n := len(w); n > 1 && w[n-1] == "号" && isNumber(w[n-2]) {
		w = w[:n-1] // every document number ends like that: to look for it would cost much and find nothing more
	}
	last := []rune(w[len(w)-1])
	han := unicode.Is(unicode.Han, last[0])
	if han && len(last) == 1 && len(w) > 1 && endsWith(w[len(w)-2], last[0]) {
		return `"` + strings.Join(w[:len(w)-1], " ") + `"` // the closing character of a run: the run may go on in the text
	}
	quoted := `"` + strings.Join(w, " ") + `"`
	if han && len(last) == 1 || !han && len(last) >= 3 {
		return quoted + " *"
	}
	return quoted
}

func isNumber(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

func endsWith(word string, r rune) bool {
	runes := []rune(word)
	return len(runes) == 2 && unicode.Is(unicode.Han, runes[0]) && runes[1] == r
}

// words splits text. A run of Chinese characters gives its pairs and then its last character alone, so that a phrase can go on
// from that character into letters or digits, as the names of vessels do.
func words(text string) []string {
	var list []string
	var run []rune
	han := false
	flush := func() {
		if len(run) > 0 && !han {
			list = append(list, string(run))
		}
		if han {
			for i := range run {
				list = append(list, string(run[i:min(i+2, len(run))]))
			}
		}
		run = run[:0]
	}
	for _, r := range text {
		r = plain(r)
		isHan := unicode.Is(unicode.Han, r)
		if !isHan && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if isHan != han {
			flush()
			han = isHan
		}
		run = append(run, unicode.ToLower(r))
	}
	flush()
	return list
}

// plain maps the full-width forms of ASCII to ASCII. Other punctuation needs no mapping: it only separates.
func plain(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}
