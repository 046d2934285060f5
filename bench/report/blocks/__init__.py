"""What sections are made of: a finding, a table, a chart, pictures; a lost one costs itself alone."""
