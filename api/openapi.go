package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/google/uuid"
)

// The description of the interface is made from the same route table that serves it and the same structs that are decoded
// and checked, so it cannot drift from what the server does.

type openAPI struct {
	OpenAPI    string                          `json:"openapi"`
	Info       map[string]string               `json:"info"`
	Servers    []map[string]string             `json:"servers"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components map[string]any                  `json:"components"`
}

type operation struct {
	Summary     string                `json:"summary"`
	Description string                `json:"description,omitempty"`
	OperationID string                `json:"operationId"`
	Tags        []string              `json:"tags"`
	Security    []map[string][]string `json:"security"`
	Parameters  []parameter           `json:"parameters,omitempty"`
	RequestBody *content              `json:"requestBody,omitempty"`
	Responses   map[string]content    `json:"responses"`
}

type parameter struct {
	Name        string             `json:"name"`
	In          string             `json:"in"`
	Required    bool               `json:"required,omitempty"`
	Description string             `json:"description,omitempty"`
	Schema      *jsonschema.Schema `json:"schema"`
}

type content struct {
	Description string               `json:"description"`
	Required    bool                 `json:"required,omitempty"`
	Content     map[string]mediaType `json:"content,omitempty"`
}

type mediaType struct {
	Schema any `json:"schema"`
}

// describe builds the OpenAPI 3.1 document.
func describe(routes []route, commands map[string]commandType) (*openAPI, error) {
	problemSchema, err := schemaOf(reflect.TypeFor[Problem]())
	if err != nil {
		return nil, err
	}
	schemas := map[string]any{"Problem": problemSchema}
	variants := []any{}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		schema, err := schemaOf(reflect.TypeOf(commands[name].data))
		if err != nil {
			return nil, fmt.Errorf("api: describe %s: %w", name, err)
		}
		envelope, err := schemaOf(reflect.TypeFor[Command]())
		if err != nil {
			return nil, err
		}
		envelope.Title = commands[name].title
		envelope.Properties["type"] = &jsonschema.Schema{Type: "string", Enum: []any{name}}
		envelope.Properties["data"] = schema
		component := "Command." + name
		schemas[component] = envelope
		variants = append(variants, map[string]string{"$ref": "#/components/schemas/" + component})
	}
	schemas["Command"] = map[string]any{"oneOf": variants}

	doc := &openAPI{
		OpenAPI: "3.1.0",
		Info:    map[string]string{"title": "水政执法 Shuizheng", "version": "1", "description": "水政执法事件溯源系统接口：命令、查询、证据上传。"},
		Servers: []map[string]string{{"url": "/"}},
		Paths:   map[string]map[string]operation{},
		Components: map[string]any{"schemas": schemas, "securitySchemes": map[string]any{
			"session": map[string]string{"type": "apiKey", "in": "cookie", "name": "session"},
		}},
	}
	for _, rt := range routes {
		method, path, _ := strings.Cut(rt.pattern, " ")
		path = strings.TrimSuffix(path, "{$}")
		op := operation{
			Summary: rt.summary, Description: rt.detail, Tags: []string{rt.tag}, OperationID: operationID(method, path),
			Security:  []map[string][]string{{"session": {}}},
			Responses: map[string]content{"default": {Description: "未成功", Content: map[string]mediaType{"application/problem+json": {map[string]string{"$ref": "#/components/schemas/Problem"}}}}},
		}
		if rt.public != nil {
			op.Security = []map[string][]string{}
		}
		for _, name := range pathParameters(path) {
			schema := &jsonschema.Schema{Type: "string"}
			if name == "id" {
				schema.Format = "uuid"
			}
			op.Parameters = append(op.Parameters, parameter{Name: name, In: "path", Required: true, Schema: schema})
		}
		for _, name := range rt.headers {
			op.Parameters = append(op.Parameters, parameter{Name: name, In: "header", Required: true, Schema: &jsonschema.Schema{Type: "string"}})
		}
		if rt.query != nil {
			schema, err := schemaOf(reflect.TypeOf(rt.query))
			if err != nil {
				return nil, fmt.Errorf("api: describe %s: %w", rt.pattern, err)
			}
			for _, name := range schema.PropertyOrder {
				p := schema.Properties[name]
				if slices.Contains(p.Types, "array") { // a parameter may be left out, but never be null
					p.Type, p.Types = "array", nil
				}
				op.Parameters = append(op.Parameters, parameter{Name: name, In: "query", Description: p.Description, Schema: p})
			}
		}
		if rt.body != nil {
			var schema any
			if _, any := rt.body.(Command); any {
				schema = map[string]string{"$ref": "#/components/schemas/Command"}
			} else if schema, err = schemaOf(reflect.TypeOf(rt.body)); err != nil {
				return nil, fmt.Errorf("api: describe %s: %w", rt.pattern, err)
			}
			op.RequestBody = &content{Description: "内容", Required: true, Content: map[string]mediaType{"application/json": {schema}}}
		}
		success := strconv.Itoa(rt.status())
		op.Responses[success] = content{Description: "成功"}
		if rt.media != "" {
			op.Responses[success] = content{Description: "成功", Content: map[string]mediaType{rt.media: {map[string]any{}}}}
		}
		replies := maps.Clone(rt.other)
		if rt.reply != nil {
			if replies == nil {
				replies = map[int]any{}
			}
			replies[rt.status()] = rt.reply
		}
		for code, reply := range replies {
			schema, err := schemaOf(reflect.TypeOf(reply))
			if err != nil {
				return nil, fmt.Errorf("api: describe %s: %w", rt.pattern, err)
			}
			text := "成功"
			if code != rt.status() {
				text = "未成功"
			}
			op.Responses[strconv.Itoa(code)] = content{Description: text, Content: map[string]mediaType{"application/json": {schema}}}
		}
		if doc.Paths[path] == nil {
			doc.Paths[path] = map[string]operation{}
		}
		doc.Paths[path][strings.ToLower(method)] = op
	}
	return doc, nil
}

func operationID(method, path string) string {
	words := strings.FieldsFunc(strings.TrimPrefix(path, "/api/v1"), func(r rune) bool { return r == '/' || r == '{' || r == '}' || r == '-' || r == '.' })
	return strings.ToLower(method) + "_" + strings.Join(words, "_")
}

func pathParameters(path string) []string {
	var names []string
	for part := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(part, "{") {
			names = append(names, strings.Trim(part, "{}."))
		}
	}
	return names
}

// schemaOf describes a struct: its JSON form, and what its validator tags demand.
func schemaOf(t reflect.Type) (*jsonschema.Schema, error) {
	s, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[uuid.UUID]():       {Type: "string", Format: "uuid"},
		reflect.TypeFor[json.RawMessage](): {},
	}})
	if err != nil {
		return nil, err
	}
	constrain(s, t)
	return s, nil
}

// constrain carries validator tags over into the schema.
func constrain(s *jsonschema.Schema, t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		if t.Kind() == reflect.Slice && s.Items != nil {
			s = s.Items
		}
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || s.Properties == nil {
		return
	}
	for _, f := range reflect.VisibleFields(t) {
		p := s.Properties[jsonName(f)]
		if f.Anonymous || p == nil {
			continue
		}
		constrain(p, f.Type)
		optional := true
		target, kind := p, f.Type
		for rule := range strings.SplitSeq(f.Tag.Get("validate"), ",") {
			name, value, _ := strings.Cut(rule, "=")
			switch name {
			case "required":
				optional = false
			case "dive":
				for kind.Kind() == reflect.Pointer {
					kind = kind.Elem()
				}
				if kind.Kind() == reflect.Slice && target.Items != nil {
					target, kind = target.Items, kind.Elem()
				}
			default:
				apply(target, kind, name, value)
			}
		}
		if optional {
			s.Required = slices.DeleteFunc(s.Required, func(name string) bool { return name == jsonName(f) })
		} else if !slices.Contains(s.Required, jsonName(f)) {
			s.Required = append(s.Required, jsonName(f))
		}
	}
}

// apply translates one validator rule.
func apply(s *jsonschema.Schema, kind reflect.Type, name, value string) {
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch name {
	case "oneof":
		for v := range strings.FieldsSeq(value) {
			s.Enum = append(s.Enum, v)
		}
	case "eq":
		s.Enum = []any{value}
	case "datetime":
		s.Format = "date"
		if value != "2006-01-02" {
			s.Format = "date-time"
		}
	case "unique":
		s.UniqueItems = value == ""
	case "hexadecimal":
		s.Pattern = "^[0-9a-f]*$"
	case "numeric":
		s.Pattern = "^[0-9]*$"
	case "min", "max", "len":
		n, err := strconv.Atoi(value)
		if err != nil {
			return
		}
		number := float64(n)
		low, high := name != "max", name != "min"
		switch kind.Kind() {
		case reflect.String:
			if low {
				s.MinLength = &n
			}
			if high {
				s.MaxLength = &n
			}
		case reflect.Slice:
			if low {
				s.MinItems = &n
			}
			if high {
				s.MaxItems = &n
			}
		default:
			if low {
				s.Minimum = &number
			}
			if high {
				s.Maximum = &number
			}
		}
	}
}

// manual is a readable page of the description, without scripts.
func (s *server) manual(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
	if err := manualPage().Execute(w, s.description); err != nil && r.Context().Err() == nil {
		s.Logger.WarnContext(r.Context(), "manual not written", "trace", traceID(r.Context()), "error", err)
	}
}
