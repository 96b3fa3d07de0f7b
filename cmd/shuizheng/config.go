package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/peterbourgon/ff/v3"
)

// settings are all that can be set from outside: by flag, by SHUIZHENG_… in the environment, or by a file.
type settings struct {
	data           string // the one folder that everything is kept in
	listen         string
	insecureListen bool
	eventstore     string
	nats           string
	demo           bool
	logLevel       string
}

func parseSettings(p program, verb string, args []string, more func(*flag.FlagSet)) (settings, error) {
	var s settings
	fs := flag.NewFlagSet("shuizheng "+verb, flag.ContinueOnError)
	fs.SetOutput(p.stderr)
	fs.StringVar(&s.data, "data", "data", "数据目录 data folder")
	fs.StringVar(&s.listen, "listen", "127.0.0.1:8080", "监听地址 address to listen on")
	fs.BoolVar(&s.insecureListen, "insecure-listen", false, "允许在非本机地址上不加密监听（仅在 TLS 代理之后使用） allow a plain listener beyond loopback, behind a TLS proxy only")
	fs.StringVar(&s.eventstore, "eventstore", "", "外部事件库 esdb://… (default: embedded)")
	fs.StringVar(&s.nats, "nats", "", "外部消息服务 nats://… (default: embedded)")
	fs.BoolVar(&s.demo, "demo", false, "装入示例数据 seed sample data")
	fs.StringVar(&s.logLevel, "log-level", "info", "日志级别 debug, info, warn or error")
	fs.String("config", "", "设置文件 file of settings, one \"name value\" a line")
	if more != nil {
		more(fs)
	}
	if err := ff.Parse(fs, args, ff.WithEnvVarPrefix("SHUIZHENG"), ff.WithConfigFileFlag("config"), ff.WithConfigFileParser(ff.PlainParser)); err != nil {
		return s, err
	}
	if rest := fs.Args(); len(rest) > 0 {
		return s, fmt.Errorf("unexpected argument %q", rest[0])
	}
	if s.eventstore != "" && !strings.HasPrefix(s.eventstore, "esdb://") && !strings.HasPrefix(s.eventstore, "esdb+discover://") {
		return s, errors.New("--eventstore takes an esdb:// connection string")
	}
	if !s.insecureListen {
		if err := onLoopback(s.listen); err != nil {
			return s, err
		}
	}
	abs, err := filepath.Abs(s.data)
	if err != nil {
		return s, err
	}
	s.data = abs
	// Everything in the folder is private: the log holds personal data, the accounts hold password hashes.
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return s, fmt.Errorf("data folder: %w", err)
	}
	return s, nil
}

// onLoopback refuses an address that others can reach without encryption: a browser gives camera, position and offline
// storage only to secure origins, and a session cookie must not cross a network in clear.
func onLoopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("--listen %s is not loopback: put a TLS proxy in front and pass --insecure-listen", listen)
}

func (s settings) path(name string) string { return filepath.Join(s.data, name) }
