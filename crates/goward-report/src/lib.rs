//! One file per format. A renderer is a pure function of the report.
