"""`python -m bot` is `rollcall`."""

from bot.cli.app import main

main()
