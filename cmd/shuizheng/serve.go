package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"
)

// Limits of a connection. Bodies are bounded by the routes; uploads of evidence may take as long as the network needs.
const (
	headerTimeout   = 10 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
)

// serve runs the whole program until ctx ends.
func serve(ctx context.Context, p program, args []string) (err error) {
	s, err := parseSettings(p, "serve", args, nil)
	if err != nil {
		return err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.logLevel)); err != nil {
		return fmt.Errorf("--log-level: %w", err)
	}
	logger := slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: level}))
	h, err := openHouse(ctx, p, s, logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	password, err := h.firstStart(ctx)
	if err != nil {
		return fmt.Errorf("first start: %w", err)
	}
	if s.demo {
		if err := demo(ctx, p, s, h); err != nil {
			return err
		}
	} else if password != "" {
		fmt.Fprintf(p.stdout, "首次启动，已创建管理员账号 admin，一次性密码：%s（登录后须修改）\n", password)
	}

	handler, err := h.handler(h.now)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn)}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(p.stdout, "办公端 office  http://%s/\n外勤端 field   http://%s/m/\n接口   API     http://%s/api/\n", listener.Addr(), listener.Addr(), listener.Addr())

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	close(h.closing) // ends live streams, which would keep the server from shutting down
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	return server.Shutdown(ending)
}

// demo seeds the sample data into an empty log and says who can sign in.
func demo(ctx context.Context, p program, s settings, h *house) error {
	path := s.path("demo-accounts.json")
	fresh, err := h.empty(ctx)
	if err != nil {
		return err
	}
	if !fresh {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("--demo: %s holds data that is not sample data; choose another --data folder", s.data)
		}
		fmt.Fprintf(p.stdout, "示例数据已在 %s，账号见 %s\n", s.data, path)
		return nil
	}
	fmt.Fprintln(p.stdout, "正在装入一年的示例数据（人员、船舶、事件均为虚构）…")
	started := time.Now()
	accounts, err := seedDemo(ctx, h)
	if err != nil {
		return fmt.Errorf("sample data: %w", err)
	}
	if err := writeDemoAccounts(path, accounts); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "示例数据已装入，用时 %s。账号（全部见 %s）：\n", time.Since(started).Round(100*time.Millisecond), path)
	for _, name := range []string{"jy-officer-1", "jy-handler", "jy-head", "city-supervisor", "admin"} {
		if n := slices.IndexFunc(accounts, func(a demoAccount) bool { return a.Account == name }); n >= 0 {
			fmt.Fprintf(p.stdout, "  %-16s %s  %s\n", accounts[n].Account, accounts[n].Password, accounts[n].Name)
		}
	}
	return nil
}
