"""Pictures that people ask for."""
