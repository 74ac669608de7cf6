"""What stands in lending_library is of another repository, and tested there."""

collect_ignore = ["lending_library"]
