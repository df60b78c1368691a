"""nbgrader's exchange as an instructor uses it, where one student's folder, whatever it is,
stops nobody and is taken for nobody else's.

In nbgrader_config.py:

    c.ExchangeFactory.collect = "unrolled.grading.course.exchange.Collect"
    c.ExchangeFactory.release_feedback = "unrolled.grading.course.exchange.ReleaseFeedback"
"""

import glob
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from nbgrader.exchange.default.collect import ExchangeCollect
from nbgrader.exchange.default.release_feedback import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from unrolled.grading.course.files import Obstacle, copy_ordinary, read_regular
from unrolled.grading.course.submission import EXCHANGE_FILES, SMALL, chosen_name
from unrolled.grading.course.summary import show
from unrolled.grading.course.timestamp import parse_timestamp


class Collect(ExchangeCollect):
    """`nbgrader collect`, of ordinary files of a bounded size alone."""

    def _path_to_record(self, path):
        """Whose a folder in the exchange is, and when it came there, by its name;
        one without a date is older than any other."""
        name = Path(path).name
        student, _, when = name.rsplit("+", 3)[:3]
        try:
            timestamp = parse_timestamp(when)
        except (ValueError, OverflowError):
            timestamp = datetime.min
            self.log.warning("%s: its name holds no date", show(str(path)))
        return {"username": student, "filename": name, "timestamp": timestamp, "own": student == _owner(Path(path))}

    def init_src(self):
        super().init_src()
        for record in [record for record in self.src_records if record["username"] in ("", ".", "..")]:
            self.src_records.remove(record)  # a folder of the course's would be written to
            self.log.warning("%s: left out, since its name is nobody's", show(record["filename"]))

    def _sort_by_timestamp(self, records):
        """One student's records, the newest first. Anybody may make a folder with another's name:
        beside one's own, it counts for nothing.

        Where everybody has the same account, as on many hubs, no folder is seen to be anybody's own.
        """
        own = [record for record in records if record["own"]] or records
        for record in records:
            if record not in own:
                self.log.warning("%s: left out, since another user made it", show(record["filename"]))
        return super()._sort_by_timestamp(own)

    def do_copy(self, src, dest, log=None):
        with tempfile.TemporaryDirectory() as place:
            ordinary = Path(place, "ordinary")
            for name in copy_ordinary(Path(src), ordinary, 1000 * self.coursedir.max_dir_size):
                self.log.warning("%s: left out %s, which is no ordinary file or too large", show(str(src)), show(name))
            super().do_copy(ordinary, dest, log)


def _owner(path):
    """The name of the user who made a folder, or None where it has none."""
    try:
        return path.owner()
    except (KeyError, OSError):
        return None


class ReleaseFeedback(ExchangeReleaseFeedback):
    """`nbgrader release_feedback`, also of a notebook that its student had renamed,
    and whatever is missing for somebody else."""

    src_path: str  # the pages, as nbgrader looks for them

    def copy_files(self):
        for folder in sorted({Path(page).parent for page in glob.glob(f"{self.src_path}/*.html")}):
            date, secret = (folder / name for name in EXCHANGE_FILES)
            content = read_regular(secret, SMALL)
            if isinstance(content, Obstacle):
                self.log.warning("%s: nothing is released, since it did not come by the exchange", show(str(folder)))
                continue
            if not date.exists():
                date.touch()  # nbgrader shows what it says and needs nothing of it
            self.src_path = glob.escape(str(folder))
            super().copy_files()
            self._copy_for_renamed(folder, content.decode(errors="replace"))

    def _copy_for_renamed(self, folder, secret):
        """The exchange finds a page by the name that the notebook has on the student's side."""
        submitted = Path(
            self.coursedir.format_path(
                self.coursedir.submitted_directory, folder.parent.name, self.coursedir.assignment_id
            )
        )
        for page in folder.glob("*.html"):
            name = chosen_name(submitted, page.stem)
            if name and Path(name).stem != page.stem:
                code = notebook_hash(secret=secret, notebook_id=Path(name).stem)
                shutil.copyfile(page, Path(self.dest_path, f"{code}.html"))
