"""What ``minsheng coverage`` says to the staff."""

from __future__ import annotations

HELP = """用一套问题检查覆盖：哪些答对，哪些答错，哪些没人答得上来，为什么。

例：minsheng coverage

例：minsheng coverage faq.csv --html report.html --min 0.9

例：minsheng coverage faq.xlsx --robust --against latest --out report

问题集可以是 .csv、.xlsx、.xls、.ods、.jsonl、.yaml，第一行是列名，只有“问题”必写：

问题、其他问法、必含、任一、出处、发言人、应拒答、主题、负责

一格里有几样，用 | 隔开。必含的每一处、任一的某一处，都要原样出现在引文里；不该答的问题在“应拒答”写“是”。

每次的结果都存在数据目录的 runs/ 里。中途按 Ctrl-C 停下，再运行同样的命令就接着问。

达到预期的比例不到 --min，或有的行读不懂，以状态 1 结束；被打断以状态 130 结束。
"""
FILES = "问题集的文件，可以写几个；不写就用语料自带的 faq/。"
OUT = "把网页、表格、CSV、JSON 四种报告都写到这个文件夹。"
HTML = "网页报告写到哪个文件，可以打印。"
XLSX = "Excel 报告写到哪个文件。"
CSV = "CSV 报告写到哪个文件：一行一个问题。"
JSON = "JSON 报告写到哪个文件。"
MIN = "达到预期的比例至少要多少，0 到 1；不到就以状态 1 结束。"
AGAINST = "和哪一次结果比（编号、文件或 latest），或和哪个版本比（版本号、实录或索引的路径）。"
ROBUST = "再把每个问题改写成繁体、拼音、错字、方言各问一遍，时间约为五倍。"
RUNS = "列出存下的结果。"
AGAIN = "照存下的一次结果（编号、文件或 latest）重做，看是不是一字不差。"
TABLE = "不提问，只把问题集另存为表格（.csv 或 .xlsx），好在 Excel 里修改。"

NO_CASES_HERE = "这份语料没有自带问题集。请写明问题集的文件，例如：minsheng coverage faq.csv"
AGAIN_ALONE = "--again 用的是存下的问题集和设置，不能再写问题集、--against 或 --robust。"
TABLE_ENDING = "--table 只能写成 .csv 或 .xlsx。"
UNWRITABLE = "报告写不进 {name}。请检查文件夹和写入权限。"
NO_RUNS = "还没有存下的结果。"
RUN_LINE = "{id}  {share}  {total} 个问题  语料 {corpus}  问题集 {faq}"
RUNS_MORE = "另有更早的 {count} 次，在 {folder}"

ASKING = "正在提问"
ASKING_BEFORE = "正在向另一个版本提问"
RESUMED = "接着上次：已有 {count} 个结果。"
STOPPED = "停在第 {at} 个问题（共 {total} 个）。已有的结果留着，再运行同样的命令就接着问。"
PROBLEMS = "有 {failed} 行没有用上，其余 {used} 条照常。"
NOTE = "提示：{problem}"
SAVED = "结果已存：{folder}"
WRITTEN = "报告：{name}"
BELOW = "达到预期的比例 {share}，不到 {least}。"
SAME_BYTES = "重做的结果与存下的一字不差。"
OTHER_BYTES = "重做的结果与存下的不同。"
OTHER_VERSION = "语料版本与那一次不同，所以结果可能不同。"
