"""The search for offers: sheets, slopes, Newton steps; flat arrays with offsets, and no politics."""
