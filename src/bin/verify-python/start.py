"""What site.py does when Python starts, but for what packages have put into `.pth` files.

Those of some packages take longer than all else of the start.
"""

import site
import sys

# It is not there yet when site.py runs, which would make it absolute.
current = sys.path[:1] == [""]
if current:
    del sys.path[0]
with_packages = site.addpackage
site.addpackage = lambda *_: None
site.main()
site.addpackage = with_packages
if current:
    sys.path.insert(0, "")
