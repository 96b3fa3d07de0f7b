// Shuizheng (水政) is an event-sourced system for water-administration enforcement: one binary, many verbs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

const usage = `水政执法 Shuizheng

  shuizheng serve [--demo] [--data DIR] [--listen HOST:PORT] [--eventstore esdb://…] [--nats nats://…]
                         run the whole program on one data folder
  shuizheng rebuild      build the read models anew from the log, compare, and say which rows differ
  shuizheng bench        measure durable commands, rebuild and visibility

Every setting can also stand in the environment (SHUIZHENG_DATA, SHUIZHENG_LISTEN, …) or in a file (--config FILE,
one "name value" a line). "shuizheng VERB --help" lists the settings of a verb.
`

// program is what the verbs need of the process; tests run it with their own.
type program struct {
	stdout, stderr io.Writer
	now            func() time.Time
}

type verb struct {
	name string
	run  func(ctx context.Context, p program, args []string) error
}

func verbs() []verb {
	return []verb{{"serve", serve}, {"rebuild", rebuild}, {"bench", bench}}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, program{os.Stdout, os.Stderr, time.Now}, os.Args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "shuizheng:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage")

func run(ctx context.Context, p program, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	if slices.Contains([]string{"help", "-h", "--help"}, args[0]) {
		fmt.Fprint(p.stdout, usage)
		return nil
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return v.run(ctx, p, args[1:])
		}
	}
	return errUsage
}
