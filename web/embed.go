// Package web carries the two browser apps, built, inside the program: the field app (外勤端) and the office app (办公端).
// What is embedded is the committed build in dist, so building the program needs no Node.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Field is the field app, to be served under /m/.
func Field() fs.FS { return sub("m") }

// Office is the office app, to be served under /.
func Office() fs.FS { return sub("desk") }

func sub(name string) fs.FS {
	tree, err := fs.Sub(dist, "dist/"+name)
	if err != nil {
		panic(err) // the name is one of the two constants above
	}
	return tree
}
