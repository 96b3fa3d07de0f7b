// Package catalog is the list of all event types: the one package that imports every aggregate.
package catalog

import (
	"shuizheng/domain"
	"shuizheng/domain/casefile"
	"shuizheng/domain/finding"
	"shuizheng/domain/patrol"
	"shuizheng/domain/registry"
	"shuizheng/domain/sandmining"
	"shuizheng/domain/shoreline"
)

// New returns every event type the program can read. The error is one of the program, found by any test.
func New() (domain.Catalog, error) {
	return domain.NewCatalog(registry.Types(), patrol.Types(), finding.Types(), casefile.Types(), sandmining.Types(), shoreline.Types())
}
