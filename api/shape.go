package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-playground/locales/zh"
	ut "github.com/go-playground/universal-translator"
	"github.com/go-playground/validator/v10"
	zhtexts "github.com/go-playground/validator/v10/translations/zh"
)

// shape checks the form of what comes in: strict JSON, then the validator tags of the structs, which are the one rule of
// form and also what the OpenAPI description is made from.
type shape struct {
	validate *validator.Validate
	texts    ut.Translator
}

func newShape() (*shape, error) {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(jsonName)
	chinese := zh.New()
	texts, found := ut.New(chinese, chinese).GetTranslator("zh")
	if !found {
		return nil, errors.New("api: no Chinese translator")
	}
	if err := zhtexts.RegisterDefaultTranslations(v, texts); err != nil {
		return nil, fmt.Errorf("api: Chinese texts of the validator: %w", err)
	}
	return &shape{v, texts}, nil
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || name == "-" {
		return f.Name
	}
	return name
}

// read decodes a body of at most limit bytes into v and checks it. Field paths in the problem start with prefix.
func (s *shape) read(w http.ResponseWriter, r *http.Request, limit int64, v any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return err
		}
		return problem(http.StatusBadRequest, "request.incomplete", "请求不完整", "没有收到完整的内容，请重新提交。")
	}
	return s.decode(raw, "", v)
}

func (s *shape) decode(raw []byte, prefix string, v any) error {
	if !storable(raw) {
		return problem(http.StatusBadRequest, "request.control_character", "内容有误", "文字中含有不能保存的字符，请删除后重新提交。")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the value")
		}
	}
	if err != nil {
		return malformed(prefix, err)
	}
	return s.check(prefix, v)
}

// storable reports whether the text in raw is kept as it was sent. Go's JSON turns bytes that are no UTF-8 and halves of
// surrogate pairs into U+FFFD without a word, and SQLite ends a text at a NUL.
func storable(raw []byte) bool {
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return false
	}
	for {
		n := bytes.IndexByte(raw, '\\')
		if n < 0 {
			return true
		}
		var unit, low rune
		if unit, raw = unescape(raw[n:]); unit == 0 {
			return false
		}
		if utf16.IsSurrogate(unit) {
			if low, raw = unescape(raw); utf16.DecodeRune(unit, low) == utf8.RuneError {
				return false
			}
		}
	}
}

// unescape reads the \uXXXX that text begins with, and returns what follows. Of anything else it returns [utf8.RuneError], and what
// follows an escape of two characters.
func unescape(text []byte) (unit rune, rest []byte) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return utf8.RuneError, text[min(2, len(text)):]
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return utf8.RuneError, text[2:]
	}
	return rune(n), text[6:]
}

// check applies the validator tags.
func (s *shape) check(prefix string, v any) error {
	err := s.validate.Struct(v)
	var fields validator.ValidationErrors
	if !errors.As(err, &fields) {
		return err
	}
	p := problem(http.StatusBadRequest, "request.invalid", "填写有误", "有些内容没有填或填得不对，请按提示修改后重新提交。")
	for _, f := range fields {
		_, path, _ := strings.Cut(f.Namespace(), ".")
		text := strings.TrimPrefix(f.Translate(s.texts), f.Field())
		if text == f.Error() || text == "" {
			text = "填写不符合要求（" + f.Tag() + "）"
		}
		p.Errors = append(p.Errors, FieldError{prefix + path, f.Tag(), "该项" + text})
	}
	return p
}

var fieldName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_.]{0,63}$`)

// nameable reports whether the name of an unknown field may be repeated in an answer: it comes from outside like any value.
func nameable(field string) bool { return fieldName.MatchString(field) }

// kindOf says in Chinese what JSON a Go type takes.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "是或否"
	case reflect.Float64, reflect.Float32:
		return "数字"
	case reflect.String:
		return "文字"
	case reflect.Slice, reflect.Array:
		return "列表"
	case reflect.Struct, reflect.Map:
		return "一组字段"
	case reflect.Pointer:
		return kindOf(t.Elem())
	}
	return "整数"
}

// malformed explains why a body is not what it should be, without repeating what it holds.
func malformed(prefix string, err error) error {
	if known := (*Problem)(nil); errors.As(err, &known) {
		return err
	}
	var (
		wrong  *json.UnmarshalTypeError
		syntax *json.SyntaxError
	)
	unknown, isUnknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &wrong):
		p := problem(http.StatusBadRequest, "request.wrong_type", "内容类型有误", "有的内容类型不对（例如应为数字却填了文字），请检查后重新提交。")
		if field := strings.TrimSuffix(prefix+wrong.Field, "."); field != "" {
			p.Errors = []FieldError{{field, "type", "类型不对，应为" + kindOf(wrong.Type)}}
		}
		return p
	case isUnknown:
		p := problem(http.StatusBadRequest, "request.unknown_field", "有不认识的内容", "提交中有系统不认识的字段，请升级应用后重新提交。")
		if name := strings.Trim(unknown, `"`); nameable(name) {
			p.Errors = []FieldError{{prefix + name, "unknown", "系统不认识这个字段"}}
		}
		return p
	case errors.As(err, &syntax):
		return problem(http.StatusBadRequest, "request.not_json", "格式有误", "提交的内容不是正确的 JSON，请检查后重新提交。")
	}
	return problem(http.StatusBadRequest, "request.malformed", "格式有误", "提交的内容格式不对（例如日期、时间或编号），请检查后重新提交。")
}
