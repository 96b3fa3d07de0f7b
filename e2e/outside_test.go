package e2e_test

import (
	"bytes"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"shuizheng/eventstore/embedded"
)

// TestLogOutside runs the program against an event store outside, as a bureau does that has outgrown one machine: over the protocol
// and the official client, which restarts of the store must not disturb.
func TestLogOutside(t *testing.T) {
	w := small(t)
	options := embedded.Options{Dir: filepath.Join(w.data, "eventstore"), Listen: "127.0.0.1:0", Credential: "shuizheng:e2e"}
	store, err := embedded.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	options.Listen = store.Address() // the same port in its next life
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	h := open(t, w.data, "--eventstore", "esdb://shuizheng:e2e@"+store.Address()+"?tls=false")
	officer := w.signIn(h, "jy-1")
	report := command("finding.report", newID(), time.Now(), w.report("长江利港段", "jy-1", "jy-2"))
	address := "/api/v1/commands/" + newID().String()
	first := officer.must(http.MethodPut, address, report)

	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if status, _, err := h.probe("/readyz"); err != nil || status != 503 {
		t.Errorf("without its log the program says it is ready: %d %v", status, err)
	}
	if store, err = embedded.Open(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	h.ready()
	if again := officer.must(http.MethodPut, address, report); !bytes.Equal(again.body, first.body) {
		t.Errorf("the same command is answered %s, and was answered %s", again.body, first.body)
	}
	second := officer.act(command("finding.report", newID(), time.Now(), w.report("长江利港段", "jy-1", "jy-2")))
	var list page
	officer.get(fmt.Sprintf("/api/v1/findings?waitFor=%d", second.Position), &list)
	if len(list.Items) != 2 {
		t.Errorf("%d findings in the ledger, reported were 2", len(list.Items))
	}
}
