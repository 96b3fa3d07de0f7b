package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// maxSocketPath is the length that all systems allow for the path of a unix socket.
const maxSocketPath = 103

// private makes dir a folder that other users of the machine can't enter.
func private(dir string, mustExist bool) error {
	if mustExist {
		_, err := os.Stat(dir)
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700) // it may have been there
}

// lock takes dir for this process: alone, or for reading together with others. The system gives it back when the process
// ends, however it ends.
func lock(dir string, shared bool) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_EX
	if shared {
		how = syscall.LOCK_SH
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), f.Close())
	}
	return f.Close, nil
}

// listen opens the address asked for, or a unix socket that only this user can reach.
func listen(o Options) (l net.Listener, address string, unlisten func() error, err error) {
	if o.Listen != "" {
		if err := loopback(o.Listen); err != nil {
			return nil, "", nil, err
		}
		if l, err = net.Listen("tcp", o.Listen); err != nil {
			return nil, "", nil, err
		}
		return l, l.Addr().String(), func() error { return closed(l) }, nil
	}
	dir, err := socketFolder(o)
	if err != nil {
		return nil, "", nil, err
	}
	path := filepath.Join(dir, socketName)
	// One that a killed process has left. Nobody listens to it: the folder is locked.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil, err
	}
	if l, err = net.Listen("unix", path); err != nil {
		return nil, "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return l, "unix://" + path, func() error { return errors.Join(closed(l), os.RemoveAll(dir)) }, nil
}

const socketName = "s"

// socketFolder makes a folder for the socket: within the server's own, or elsewhere if the path would be too long for a
// socket or others may read the log, too.
func socketFolder(o Options) (string, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(dir, "socket")
	if o.ReadOnly || len(filepath.Join(folder, socketName)) > maxSocketPath {
		return os.MkdirTemp("", "shuizheng-") // mode 0700
	}
	return folder, private(folder, false)
}

// loopback refuses addresses that other machines can reach: what is said here is not encrypted.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("embedded: listen: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("embedded: listen on %s: not a loopback address", address)
	}
	return nil
}

// closed closes a listener that the server may have closed already.
func closed(l net.Listener) error {
	if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
