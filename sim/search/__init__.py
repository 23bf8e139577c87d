"""The search for the best offer: sheets, slopes, Newton steps. No politics."""
