"""Addresses that follow from one setting, the repository's: where the site stands, where its sources do.

The setting is empty until the book has a home; then no address is made up.
"""

from urllib.parse import urlsplit


def site_address(repository):
    """The address at which GitHub Pages serves a repository's site, with a slash at its end; empty
    for no repository."""
    if not repository:
        return ""
    owner, name = _owner_and_name(repository)
    return f"https://{owner.lower()}.github.io/{name}/"


def source_links(repository, branch, suffix, pagename):
    """Links of a page's foot: its source, and a place to run it, which binder/ sets up; none for no repository or a
    page without source."""
    if not (repository and suffix):
        return []
    owner, name = _owner_and_name(repository)
    path = f"{pagename}{suffix}"
    return [
        {"words": "Source of this page", "address": f"https://github.com/{owner}/{name}/blob/{branch}/{path}"},
        {
            "words": "Run it on Binder",
            "address": f"https://mybinder.org/v2/gh/{owner}/{name}/{branch}?urlpath=notebooks/{path}",
        },
    ]


def _owner_and_name(repository):
    """("owner", "name") of https://github.com/owner/name. Raises ValueError for anything else."""
    parts = urlsplit(repository)
    owner_and_name = parts.path.strip("/").removesuffix(".git").split("/")
    if parts.netloc != "github.com" or len(owner_and_name) != 2 or not all(owner_and_name):
        raise ValueError(f"repository.url in _config.yml must be https://github.com/owner/name, not {repository!r}")
    return owner_and_name
