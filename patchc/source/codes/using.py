"""P2xx: files that use other files"""

from __future__ import annotations

from patchc.source.diagnostic import Category, Diagnostic


class UseMissing(Diagnostic, code="P224"):
    """A file that is used does not exist.

    The path is relative to the file that says `use`.
    """

    stage = "names"
    category = Category.ENVIRONMENT
    title = "no file `{path}`"
    label = "looked for {looked}"

    path: str
    looked: str


class UseOutside(Diagnostic, code="P225"):
    """A file that is used lies outside the project.

    A patch may come from a stranger, so it reads nothing outside the folder of the file that was opened (or the root
    that was given), not through `..`, not by a full path and not through a link.
    """

    stage = "names"
    title = "`{path}` lies outside the project"
    label = "outside"
    rule = "files are used from inside the folder of the first file"
    help = "copy the file there, or give a root above both"

    path: str


class UseCircle(Diagnostic, code="P226"):
    """Files use each other in a circle.

    Move what both need into a third file.
    """

    stage = "names"
    title = "these files use each other in a circle: {circle}"
    label = "this closes the circle"
    rule = "files cannot use each other in a circle"

    circle: str
