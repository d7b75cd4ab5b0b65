//! The machine, its caches and settings; and what is no build failure.

use super::{Cause, DEVELOPER, NOBODY, PLATFORM, PLATFORM_MAYBE, PLATFORM_RETRY, cause};

pub(super) static CAUSES: &[Cause] = &[
    cause(
        "resource.memory",
        PLATFORM_MAYBE,
        ("memory ran out", "内存耗尽"),
        (
            "The kernel, the container's limit or a ulimit stopped a tool; linking and large packages need most.",
            "内核、容器限制或 ulimit 终止了工具;链接和大包最耗内存。",
        ),
        (
            "Give the job more memory, or build fewer packages at once.",
            "增加任务内存,或减少并行构建的包。",
        ),
        "GOMEMLIMIT=2GiB go build -p 2 ./...",
    ),
    cause(
        "resource.disk-full",
        PLATFORM_MAYBE,
        ("the disk is full, or a quota is used up", "磁盘已满或配额用尽"),
        (
            "Build cache, module cache, the temporary folder or docker layers filled it.",
            "构建缓存、模块缓存、临时目录或 docker 层占满了空间。",
        ),
        (
            "Free space; put GOTMPDIR and the caches where there is room.",
            "释放空间;把 GOTMPDIR 和缓存放到有空间的位置。",
        ),
        "df -h; go clean -cache -testcache",
    ),
    cause(
        "resource.file-limit",
        PLATFORM_MAYBE,
        ("too many open files", "打开的文件过多"),
        (
            "The limit of open files is lower than what the parallel build needs.",
            "文件数上限低于并行构建所需。",
        ),
        ("Raise the limit, or build with a smaller -p.", "提高上限,或减小 -p。"),
        "ulimit -n 65536",
    ),
    cause(
        "resource.process-limit",
        PLATFORM_MAYBE,
        ("no more processes or threads can be made", "无法再创建进程或线程"),
        (
            "A pids limit of the container, or ulimit -u, is used up.",
            "容器的 pids 限制或 ulimit -u 已用尽。",
        ),
        ("Raise the limit, or build with a smaller -p.", "提高限制,或减小 -p。"),
        "go build -p 2 ./...",
    ),
    cause(
        "resource.permission",
        PLATFORM,
        ("permission denied, or a read-only file system", "权限不足,或文件系统只读"),
        (
            "The job runs as another user than the one that owns the folder, or the folder is mounted read-only.",
            "任务的用户不是目录的所有者,或目录以只读方式挂载。",
        ),
        (
            "Give the build a folder it may write: HOME, GOCACHE, GOMODCACHE, the output.",
            "给构建可写的目录:HOME、GOCACHE、GOMODCACHE、输出目录。",
        ),
        "export GOCACHE=/tmp/gocache GOMODCACHE=/tmp/gomod",
    ),
    cause(
        "resource.killed",
        PLATFORM_MAYBE,
        ("a tool was killed, and nothing says by whom", "工具被杀死,原因不明"),
        (
            "A signal ended it from outside: most often the kernel for lack of memory, else a time limit or somebody.",
            "外部信号终止了它:多为内核因内存不足,其次是时限或人为。",
        ),
        (
            "Look for an OOM event of that time; give more memory, or build fewer packages at once.",
            "查找当时的 OOM 事件;增加内存或减少并行。",
        ),
        "dmesg | grep -i -E 'oom|killed process'",
    ),
    cause(
        "resource.timeout",
        PLATFORM_MAYBE,
        ("the job or step ran past its limit", "任务或步骤超过时限"),
        (
            "Something hung, or a cold cache made it slower than the limit allows.",
            "有步骤挂起,或冷缓存使其慢于时限。",
        ),
        (
            "See which step was running; restore the caches, or raise the limit.",
            "查看当时运行的步骤;恢复缓存,或提高时限。",
        ),
        "",
    ),
    cause(
        "cache.corrupt",
        PLATFORM_MAYBE,
        ("an entry of the build or module cache is damaged", "构建缓存或模块缓存的条目损坏"),
        (
            "A cache was saved or restored half, or several jobs wrote it without Go's locks.",
            "缓存保存或恢复不完整,或多个任务绕过 Go 的锁同时写入。",
        ),
        (
            "Delete the cache, and the stored copy that CI restores.",
            "删除缓存以及 CI 恢复用的副本。",
        ),
        "go clean -cache -modcache",
    ),
    cause(
        "cache.unavailable",
        PLATFORM,
        ("the cache folder is not defined or cannot be used", "缓存目录未定义或无法使用"),
        (
            "HOME is not set (a service, a scratch image), or the folder cannot be made or locked.",
            "没有设置 HOME(服务、scratch 镜像),或目录无法创建或加锁。",
        ),
        (
            "Set GOCACHE and GOMODCACHE to folders that can be written.",
            "把 GOCACHE 和 GOMODCACHE 设为可写目录。",
        ),
        "export GOCACHE=/tmp/gocache",
    ),
    cause(
        "config.flags",
        DEVELOPER,
        ("a flag, GOFLAGS or the command itself is wrong", "标志、GOFLAGS 或命令有误"),
        (
            "A flag does not exist in this Go version, does not go with another, or its arguments are not what it takes.",
            "该 Go 版本没有此标志,与其他标志冲突,或参数不符。",
        ),
        (
            "Correct the command line; GOFLAGS counts as part of it.",
            "改正命令行;GOFLAGS 也算在内。",
        ),
        "go help build; go env GOFLAGS",
    ),
    cause(
        "config.environment",
        PLATFORM,
        ("an environment variable has a value that is not valid", "环境变量的值无效"),
        (
            "Go refuses a GO... variable: a relative path, an unknown experiment, a malformed list.",
            "Go 拒绝某个 GO 变量:相对路径、未知的实验特性、格式错误的列表。",
        ),
        ("Correct or unset the variable that the message names.", "改正或取消消息所指的变量。"),
        "go env -changed",
    ),
    cause(
        "config.vcs-stamping",
        PLATFORM,
        ("the version control status cannot be read", "无法读取版本控制状态"),
        (
            "git refuses a folder of another owner, is missing, or .git is not in the image.",
            "git 拒绝属主不同的目录、git 未安装,或 .git 不在镜像里。",
        ),
        (
            "Mark the folder as safe, or build without stamping.",
            "把目录标记为安全,或不写入版本信息。",
        ),
        "git config --global --add safe.directory '*'  # or: go build -buildvcs=false",
    ),
    cause(
        "config.toolexec",
        PLATFORM_MAYBE,
        ("the -toolexec program failed", "-toolexec 程序失败"),
        (
            "The program between go and its tools could not be started, or failed itself.",
            "位于 go 与工具之间的程序无法启动或自身失败。",
        ),
        (
            "Build without -toolexec to see whether it is to blame.",
            "去掉 -toolexec 构建,确认是否是它的问题。",
        ),
        "go env GOFLAGS",
    ),
    cause(
        "config.generate",
        DEVELOPER,
        ("a go:generate step failed", "go:generate 步骤失败"),
        ("Its tool is not installed, or refused its input.", "其工具没有安装,或拒绝输入。"),
        (
            "Install the tool in the version the module pins, and run the step alone.",
            "安装模块所固定版本的工具,并单独运行该步骤。",
        ),
        "go generate -x ./...",
    ),
    cause(
        "container.context",
        DEVELOPER,
        (
            "the Dockerfile copies what the build context does not hold",
            "Dockerfile 复制了构建上下文中没有的内容",
        ),
        (
            "The file is excluded by .dockerignore, not committed, or the context is another folder.",
            "文件被 .dockerignore 排除、没有提交,或上下文是别的目录。",
        ),
        (
            "See what is sent, and correct .dockerignore, COPY or the context.",
            "查看实际发送的内容,改正 .dockerignore、COPY 或上下文。",
        ),
        "goward context",
    ),
    cause(
        "infra.runner",
        PLATFORM_RETRY,
        ("the CI runner was lost, cancelled or evicted", "CI 运行器丢失、被取消或被驱逐"),
        (
            "The machine under the job went away, or somebody cancelled the run; the build itself did not fail.",
            "任务所在的机器消失,或有人取消了运行;构建本身没有失败。",
        ),
        ("Run the job again.", "重新运行任务。"),
        "",
    ),
    cause(
        "none.success",
        NOBODY,
        ("nothing failed", "没有失败"),
        ("Warnings, deprecations and scary words only.", "只有警告、弃用提示和吓人的字眼。"),
        ("Nothing to do.", "无需处理。"),
        "",
    ),
    cause(
        "none.other-failure",
        NOBODY,
        ("something failed, but not a Go build", "有失败,但不是 Go 构建"),
        (
            "A linter, a deployment, another language's build, or the service itself at run time.",
            "是 lint、部署、其他语言的构建,或服务运行时的失败。",
        ),
        ("Look at the step that failed; it is not go's.", "查看失败的步骤;它不属于 go。"),
        "",
    ),
    cause(
        "unknown",
        PLATFORM_MAYBE,
        ("the build failed, and nothing explains it", "构建失败,原因不明"),
        (
            "The log holds no message that is known; it may be cut off.",
            "日志中没有已知的消息;可能被截断。",
        ),
        (
            "Read the lines before the end; keep the log, so that the cause can be learnt.",
            "阅读结尾之前的内容;保留日志以便归类。",
        ),
        "",
    ),
];
