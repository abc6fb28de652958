"""Start here: `python run_bot.py --help` lists every command."""

from bot.cli.main import cli

if __name__ == "__main__":
    cli()
