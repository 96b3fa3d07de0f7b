package domaintest

import (
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/google/uuid"
)

// Variator makes new values from samples: it copies one and replaces a few of its parts by parts of others. So it meets both
// what the samples say and what nobody thought of, without knowing any type.
type variator struct {
	rand  *rand.Rand
	parts map[reflect.Type][]reflect.Value
}

func newVariator(seed uint64, samples ...any) *variator {
	v := &variator{rand.New(rand.NewPCG(seed, 0)), map[reflect.Type][]reflect.Value{}}
	for _, s := range samples {
		for _, part := range parts(reflect.ValueOf(s)) {
			v.parts[part.Type()] = append(v.parts[part.Type()], part)
		}
	}
	return v
}

// vary returns a copy of the sample with n parts replaced.
func (v *variator) vary(sample any, n int) any {
	copied := deepCopy(reflect.ValueOf(sample))
	for range n {
		places := parts(copied)
		if len(places) == 0 {
			break
		}
		place := places[v.rand.IntN(len(places))]
		place.Set(v.replacement(place))
	}
	return copied.Interface()
}

func (v *variator) replacement(old reflect.Value) reflect.Value {
	known := v.parts[old.Type()]
	if len(known) > 0 && v.rand.IntN(3) > 0 {
		return deepCopy(known[v.rand.IntN(len(known))])
	}
	fresh := reflect.New(old.Type()).Elem()
	switch x := old.Interface().(type) {
	case time.Time:
		return reflect.ValueOf(x.Add(time.Duration(v.rand.IntN(200)-100) * time.Hour))
	case uuid.UUID:
		fresh.Index(15).SetUint(uint64(v.rand.IntN(3)))
		return fresh
	}
	switch old.Kind() {
	case reflect.Bool:
		fresh.SetBool(!old.Bool())
	case reflect.Int, reflect.Int64:
		fresh.SetInt([]int64{-1, 0, 1, old.Int() + 1, 1 << 40}[v.rand.IntN(5)])
	case reflect.String:
		fresh.SetString([]string{"", "x", old.String() + "0"}[v.rand.IntN(3)])
	case reflect.Slice:
		if old.Len() == 0 || v.rand.IntN(3) == 0 {
			return fresh
		}
		one := deepCopy(old)
		return reflect.Append(one, deepCopy(old.Index(v.rand.IntN(old.Len()))))
	default: // a pointer becomes nil
	}
	return fresh
}

// parts lists what can be replaced: every leaf, and every slice and pointer as a whole.
func parts(v reflect.Value) []reflect.Value {
	switch v.Interface().(type) {
	case time.Time, uuid.UUID:
		return []reflect.Value{v}
	}
	var all []reflect.Value
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			all = append(all, parts(v.Field(i))...)
		}
		return all
	case reflect.Slice:
		for i := range v.Len() {
			all = append(all, parts(v.Index(i))...)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			all = parts(v.Elem())
		}
	default:
	}
	return append(all, v)
}

// deepCopy returns an addressable copy that shares no memory with the original.
func deepCopy(v reflect.Value) reflect.Value {
	to := reflect.New(v.Type()).Elem()
	to.Set(v)
	switch v.Interface().(type) {
	case time.Time, uuid.UUID:
		return to
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			to.Field(i).Set(deepCopy(v.Field(i)))
		}
	case reflect.Slice:
		if !v.IsNil() {
			to.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				to.Index(i).Set(deepCopy(v.Index(i)))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			to.Set(reflect.New(v.Type().Elem()))
			to.Elem().Set(deepCopy(v.Elem()))
		}
	default:
	}
	return to
}
