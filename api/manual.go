package api

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
	"slices"
)

//go:embed manual.html
var manualHTML string

// manualPage is the template of the readable description. Parsing cannot fail for a template that tests have run.
func manualPage() *template.Template {
	return template.Must(template.New("manual").Funcs(template.FuncMap{
		"json": func(v any) (string, error) {
			b, err := json.MarshalIndent(v, "", "  ")
			return string(b), err
		},
		"sorted": func(m map[string]map[string]operation) []string { return slices.Sorted(maps.Keys(m)) },
	}).Parse(manualHTML))
}
