// Package all lists the projections of the program.
package all

import (
	"shuizheng/domain"
	"shuizheng/projections"
	"shuizheng/projections/caseledger"
	"shuizheng/projections/findings"
	"shuizheng/projections/patrols"
	"shuizheng/projections/registry"
	"shuizheng/projections/statistics"
	"shuizheng/projections/timeline"
	"shuizheng/projections/waters"
)

// Set joins all projections. The error is one of the program: a projection that says nothing about an event type.
func Set(catalog domain.Catalog) (*projections.Set, error) {
	return projections.NewSet(catalog, registry.Projection(), findings.Projection(), caseledger.Projection(), patrols.Projection(),
		statistics.Projection(), timeline.Projection(), waters.Projection())
}
