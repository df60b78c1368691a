"""nbgrader's settings for this course: its folders, and the three places where the course's own grading steps in."""

from pathlib import Path

from unrolled.grading.course.course import check_settings, put_tools_on_path
from unrolled.grading.course.release import keep_notebooks
from unrolled.grading.run.lean import is_lean

c = get_config()  # noqa: F821  nbgrader defines it
put_tools_on_path()
if not is_lean():       # for nbgrader's own commands and for formgrader
    from unrolled.grading.course.guard import guard

    guard()     # what students hand in is read as carefully by them
    # The sources are text; nbgrader wants notebooks, so they are made whenever it reads these settings.
    keep_notebooks(Path(__file__).parent / "solutions")

c.CourseDirectory.course_id = "unrolled"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# generate_assignment copies every other file of a source folder into the release: the text holds the answers.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "*.py", "*.md", "feedback"]

# The gradebook is gradebook.db, SQLite, beside this file. A class graded from several machines needs a server:
# c.CourseDirectory.db_url = "postgresql+psycopg://user:password@host/unrolled"

# Grading: a submission is rebuilt on the pristine notebook, run in the sandbox and verified outside before nbgrader
# reads its scores. `nbgrader autograde`, formgrader's button and `unrolled grade` all go this way.
c.Autograde.exporter_class = "unrolled.grading.run.exporter.GradingExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.SaveAutoGrades", "nbgrader.preprocessors.AssignLatePenalties"]

# What one submission may use. These are the defaults.
# c.Limits.submission_bytes = 20_000_000    # size of the notebook; of a larger file, of up to 100 MB, without its outputs
# c.Limits.seconds = 60                     # time for the whole notebook, and as much again, in equal shares, for functions that others disturb
# c.Limits.cell_seconds = 15                # time for one cell; a function's check has as much each time that it asks all cases, which is twice
# c.Limits.own_seconds = 15                 # part of the notebook's time that cells of the student's own may take, all together
# c.Limits.own_cells = 200                  # cells of the student's own that are run
# c.Limits.own_characters = 100_000         # source of the student's own cells, all together
# c.Limits.memory_mb = 1024                 # memory of all its processes together; a quarter of it may be files
# c.Limits.processes = 32                   # processes and threads at one time
# c.Limits.output_bytes = 2_000_000         # output of one cell, figures included
# c.Limits.record_bytes = 64_000_000        # results of one function

# Feedback: the course's own page instead of the whole notebook. Export: the same columns, quoted where a name needs it.
c.GenerateFeedback.exporter_class = "unrolled.grading.course.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades"]
c.ExportApp.plugin_class = "unrolled.grading.course.marks.QuotedCsv"

# Collecting: what Canvas, Moodle and Brightspace call the files in their zips, and bounds on what an archive may unpack to.
c.ZipCollectApp.collector_plugin = "unrolled.grading.course.collect.LmsCollector"
c.ZipCollectApp.extractor_plugin = "unrolled.grading.course.collect.BoundedExtractor"

# The exchange, as the instructor's side: ordinary files alone, each by whom it came.
c.ExchangeFactory.collect = "unrolled.grading.course.exchange.Collect"
c.ExchangeFactory.release_feedback = "unrolled.grading.course.exchange.ReleaseFeedback"

check_settings(c)
