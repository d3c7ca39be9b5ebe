"""Floor 4: `geosignals train`: weights fitted from labelled articles. Needs the extra `train`; nothing of it at run time."""
