"""The demo's organisation: its people, channels, initiatives and four weeks of updates."""
