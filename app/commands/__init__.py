"""What `python -m app` can do: `line` names the commands, each other module is one of them."""
