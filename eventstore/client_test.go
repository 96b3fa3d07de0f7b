package eventstore_test

import (
	"os"
	"testing"

	"shuizheng/eventstore"
	"shuizheng/eventstore/embedded"
	"shuizheng/eventstore/storetest"
)

func server(t *testing.T, o embedded.Options) *embedded.Server {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	s, err := embedded.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func client(t *testing.T, o eventstore.Options) *eventstore.Client {
	t.Helper()
	c, err := eventstore.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestContract(t *testing.T) {
	t.Run("UnixSocket", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) storetest.Log {
			s := server(t, embedded.Options{})
			return client(t, eventstore.Options{Address: s.Address(), Credential: s.Credential()})
		})
	})
	t.Run("Loopback", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) storetest.Log {
			s := server(t, embedded.Options{Listen: "127.0.0.1:0"})
			return client(t, eventstore.Options{URL: "esdb://" + s.Credential() + "@" + s.Address() + "?tls=false"})
		})
	})
	t.Run("Direct", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) storetest.Log { return server(t, embedded.Options{}).Direct() })
	})
	// Against a real server whenever one is named.
	if url := os.Getenv("ESDB_URL"); url != "" {
		t.Run("Server", func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) storetest.Log { return client(t, eventstore.Options{URL: url}) })
		})
	}
}
