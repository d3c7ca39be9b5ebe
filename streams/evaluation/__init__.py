"""Floor 4: `geosignals evaluate`: signals against labels, as numbers, as errors to read, and as a comparison of two runs."""
