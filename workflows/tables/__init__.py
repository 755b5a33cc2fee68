"""Spreadsheets of unknown origin, read safely row by row, and written so that they read back."""
