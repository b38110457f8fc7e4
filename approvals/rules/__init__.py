"""What tightens a decision: rules, conditions, groups and times, kept with each request."""
