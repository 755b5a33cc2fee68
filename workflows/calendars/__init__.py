"""When people work: their hours, their week and their public holidays."""
