package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"shuizheng/domain/catalog"
	"shuizheng/projections"
	"shuizheng/projections/all"
)

// errDiffers ends rebuild with a failure when the read model is not what the log says.
var errDiffers = errors.New("the read model differs from a rebuild of the log")

// rebuild builds the read models anew from the log, beside the file in use, and says which rows differ. It replaces nothing:
// a difference is evidence of a fault and wants to be looked at first.
func rebuild(ctx context.Context, p program, args []string) (err error) {
	s, err := parseSettings(p, "rebuild", args, nil)
	if err != nil {
		return err
	}
	h := &house{now: p.now, logger: slog.New(slog.NewTextHandler(p.stderr, nil))}
	defer func() { err = errors.Join(err, h.close()) }()
	if h.catalog, err = catalog.New(); err != nil {
		return err
	}
	if err := h.openLog(ctx, s); err != nil {
		return err
	}
	set, err := all.Set(h.catalog)
	if err != nil {
		return err
	}
	current, fresh := s.path("readmodel.db"), s.path("readmodel.rebuilt.db")
	if err := projections.Rebuild(ctx, h.log, set, fresh); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(fresh)) }()
	differences, err := projections.Compare(ctx, current, fresh)
	if err != nil {
		return err
	}
	for _, d := range differences {
		fmt.Fprintln(p.stdout, d)
	}
	if len(differences) > 0 {
		return fmt.Errorf("%w: %d rows", errDiffers, len(differences))
	}
	fmt.Fprintln(p.stdout, "台账与事件库一致 read model equals a rebuild from the log")
	return nil
}
