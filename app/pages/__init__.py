"""What the service shows to people: an index, its documentation, and a page for each problem.

Nothing comes from another host, and no page holds a script or a style of its own: both are files.
"""

from app.pages.index import Link, index_page
from app.pages.route import Pages

__all__ = ["Link", "Pages", "index_page"]
