//! From a build to a trace: a pure function.

use super::ids::{TraceParent, span_id, trace_id};
use goward_build::Build;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, any_value::Value,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};

/// The names of the semantic conventions that are used here. `cargo xtask semconv` holds them against
/// the published list.
pub const NAMES: &[&str] = &[
    "cicd.pipeline.action.name",
    "cicd.pipeline.name",
    "cicd.pipeline.result",
    "cicd.pipeline.run.id",
    "cicd.pipeline.task.name",
    "cicd.pipeline.task.run.id",
    "cicd.pipeline.task.run.result",
    "cicd.pipeline.task.type",
    "error.type",
    "process.command_args",
    "process.exit.code",
    "process.working_directory",
    "service.name",
    "service.version",
    "vcs.ref.head.name",
    "vcs.ref.head.revision",
    "vcs.ref.head.type",
];

/// Its trace. `resource` is what the environment says of the service (`OTEL_SERVICE_NAME`,
/// `OTEL_RESOURCE_ATTRIBUTES`).
pub fn trace(
    build: &Build,
    parent: Option<TraceParent>,
    resource: &[(String, String)],
) -> ExportTraceServiceRequest {
    let scribe = Scribe::new(build, parent);
    let mut spans = vec![scribe.root(parent)];
    let mut stage_ids = vec![];
    for stage in &build.stages {
        let id = span_id(&build.run_id, &format!("stage/{}", stage.stage));
        stage_ids.push((stage.stage.as_str(), id));
        let mut attributes = vec![
            text("cicd.pipeline.task.name", &stage.stage),
            text("cicd.pipeline.task.run.id", &format!("{}/{}", build.run_id, stage.stage)),
            text("cicd.pipeline.task.run.result", if stage.failed { "failure" } else { "success" }),
            number("go.build.stage.count", stage.count),
            real("go.build.stage.busy_ms", stage.wall_ms),
            real("go.build.cpu_ms", stage.cpu_ms),
        ];
        let kind = match stage.stage.as_str() {
            "test" => Some("test"),
            "compile" | "link" | "output" => Some("build"),
            _ => None,
        };
        attributes.extend(kind.map(|kind| text("cicd.pipeline.task.type", kind)));
        let span =
            scribe.span(&stage.stage, id, scribe.root_id, stage.start_ms, stage.end_ms, attributes);
        spans.push(failed_if(span, stage.failed, scribe.error_type(stage.failed)));
    }
    let above = |stage: &str| {
        stage_ids.iter().find(|(name, _)| *name == stage).map_or(scribe.root_id, |(_, id)| *id)
    };
    for (at, work) in build.spans.iter().enumerate() {
        let mut attributes = vec![
            text("go.build.package", &work.name),
            real("go.build.cpu_ms", work.cpu_ms),
            real("go.build.queued_ms", work.queued_ms),
        ];
        if work.cached {
            attributes.push(pair("go.build.cached", Value::BoolValue(true)));
        }
        if work.peak_rss > 0 {
            attributes.push(number("go.build.peak_rss_bytes", work.peak_rss));
        }
        if build.critical_path.contains(&at) {
            attributes.push(pair("go.build.critical", Value::BoolValue(true)));
        }
        let id = span_id(&build.run_id, &format!("work/{at}/{}", work.name));
        let title = format!("{} {}", work.stage, work.name);
        let span =
            scribe.span(&title, id, above(&work.stage), work.start_ms, work.end_ms, attributes);
        spans.push(failed_if(span, work.failed, scribe.error_type(work.failed)));
    }
    for (at, download) in build.downloads.iter().enumerate() {
        let mut attributes = vec![
            text("go.build.module", &download.module),
            text("go.build.module.version", &download.version),
        ];
        attributes.extend(download.bytes.map(|bytes| number("go.build.module.bytes", bytes)));
        let id = span_id(&build.run_id, &format!("download/{at}/{}", download.module));
        let end = download.start_ms + download.wall_ms.unwrap_or(0.0);
        let title = format!("download {}", download.module);
        spans.push(scribe.span(&title, id, above("resolve"), download.start_ms, end, attributes));
    }
    let scope = InstrumentationScope {
        name: "goward".into(),
        version: build.goward_version.clone(),
        ..InstrumentationScope::default()
    };
    let resource = Resource { attributes: service(build, resource), ..Resource::default() };
    let spans = ScopeSpans { scope: Some(scope), spans, ..ScopeSpans::default() };
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(resource),
            scope_spans: vec![spans],
            ..ResourceSpans::default()
        }],
    }
}

/// The service is goward unless the environment names another.
fn service(build: &Build, of_environment: &[(String, String)]) -> Vec<KeyValue> {
    let mut all = vec![];
    if !of_environment.iter().any(|(name, _)| name == "service.name") {
        all.push(text("service.name", "goward"));
        all.push(text("service.version", &build.goward_version));
    }
    all.extend(of_environment.iter().map(|(name, value)| text(name, value)));
    all
}

/// What all spans of a build share.
struct Scribe<'a> {
    build: &'a Build,
    trace_id: Vec<u8>,
    root_id: [u8; 8],
    from_ns: u64,
    flags: u32,
}

impl<'a> Scribe<'a> {
    fn new(build: &'a Build, parent: Option<TraceParent>) -> Self {
        let started: jiff::Timestamp = build.started_at.parse().unwrap_or_default();
        let trace_id = parent.map_or_else(|| trace_id(&build.run_id), |parent| parent.trace_id);
        Self {
            build,
            trace_id: trace_id.to_vec(),
            root_id: span_id(&build.run_id, "build"),
            from_ns: u64::try_from(started.as_nanosecond()).unwrap_or(0),
            flags: parent.map_or(1, |parent| u32::from(parent.flags)),
        }
    }

    fn span(
        &self,
        name: &str,
        id: [u8; 8],
        parent: [u8; 8],
        start_ms: f64,
        end_ms: f64,
        attributes: Vec<KeyValue>,
    ) -> Span {
        let at = |ms: f64| self.from_ns + (ms.max(0.0) * 1e6) as u64;
        Span {
            trace_id: self.trace_id.clone(),
            span_id: id.to_vec(),
            parent_span_id: parent.to_vec(),
            flags: self.flags,
            name: name.to_owned(),
            kind: SpanKind::Internal as i32,
            start_time_unix_nano: at(start_ms),
            end_time_unix_nano: at(end_ms.max(start_ms)),
            attributes,
            ..Span::default()
        }
    }

    fn error_type(&self, failed: bool) -> Option<&str> {
        self.build.failure.as_ref().filter(|_| failed).map(|failure| failure.cause.as_str())
    }

    /// The build itself, a run of a pipeline.
    fn root(&self, parent: Option<TraceParent>) -> Span {
        let build = self.build;
        let mut attributes = vec![
            text("cicd.pipeline.name", &build.command_line()),
            text("cicd.pipeline.run.id", &build.run_id),
            text("cicd.pipeline.result", result(build)),
            text("cicd.pipeline.action.name", "BUILD"),
            text("process.working_directory", &build.dir),
            pair(
                "process.command_args",
                Value::ArrayValue(ArrayValue {
                    values: build
                        .command
                        .iter()
                        .map(|word| any(Value::StringValue(word.clone())))
                        .collect(),
                }),
            ),
            number("go.build.packages", build.packages.total),
            number("go.build.packages.built", build.packages.built),
            number("go.build.peak_rss_bytes", build.memory.peak_rss),
            real("go.build.parallelism", build.parallelism),
            real("go.build.critical_ms", build.critical_ms),
            number("go.build.retries", build.retried.len() as u64),
        ];
        attributes.extend(
            build.exit_status.map(|code| pair("process.exit.code", Value::IntValue(code.into()))),
        );
        attributes.extend(
            build.go_version.as_deref().map(|version| text("go.build.go_version", version)),
        );
        attributes
            .extend(build.commit.as_deref().map(|commit| text("vcs.ref.head.revision", commit)));
        if let Some(branch) = &build.branch {
            attributes.push(text("vcs.ref.head.name", branch));
            attributes.push(text("vcs.ref.head.type", "branch"));
        }
        if let Some(failure) = &build.failure {
            attributes.push(text("go.build.failure.stage", &failure.stage));
            attributes.push(text("go.build.failure.owner", &failure.owner));
            attributes.push(text("go.build.failure.retry", &failure.retry));
            attributes.push(text("go.build.failure.tier", &failure.tier));
        }
        let verb = build.command.first().map_or("build", String::as_str);
        let mut span = self.span(
            &format!("BUILD go {verb}"),
            self.root_id,
            [0; 8],
            0.0,
            build.wall_ms,
            attributes,
        );
        span.parent_span_id = parent.map(|parent| parent.span_id.to_vec()).unwrap_or_default();
        // By the conventions a run that others wait for is a server's span.
        span.kind = SpanKind::Server as i32;
        let failed = !build.succeeded();
        failed_if(span, failed, self.error_type(failed))
    }
}

/// The values of `cicd.pipeline.result`. An error is the system's, a failure the code's.
fn result(build: &Build) -> &'static str {
    match (build.stopped.as_deref(), &build.failure) {
        (Some("deadline"), _) => "timeout",
        (Some("memory"), _) => "error",
        (Some(_), _) => "cancellation",
        _ if build.succeeded() => "success",
        (_, Some(failure)) if failure.owner == "platform" => "error",
        _ => "failure",
    }
}

fn failed_if(mut span: Span, failed: bool, cause: Option<&str>) -> Span {
    if failed {
        let cause = cause.unwrap_or("unknown");
        span.attributes.push(text("error.type", cause));
        span.status = Some(Status { message: cause.to_owned(), code: StatusCode::Error as i32 });
    }
    span
}

fn any(value: Value) -> AnyValue {
    AnyValue { value: Some(value) }
}

fn pair(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(any(value)), ..KeyValue::default() }
}

fn text(key: &str, value: &str) -> KeyValue {
    pair(key, Value::StringValue(value.to_owned()))
}

fn number(key: &str, value: u64) -> KeyValue {
    pair(key, Value::IntValue(i64::try_from(value).unwrap_or(i64::MAX)))
}

fn real(key: &str, value: f64) -> KeyValue {
    pair(key, Value::DoubleValue(value))
}
