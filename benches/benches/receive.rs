//! The receive path over the workloads A–E, in pieces of 64 and of 4096 bytes.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use simcom_benches::drive::{measured_pass, reader};
use simcom_benches::workloads::{Kind, Workload};

fn receive(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("receive");
    for kind in Kind::ALL {
        let workload = Workload::new(kind, 1 << 20);
        group.throughput(Throughput::Bytes(workload.bytes.len() as u64));
        for chunk in [64, 4096] {
            group.bench_function(BenchmarkId::new(kind.name(), chunk), |bencher| {
                bencher.iter(|| measured_pass(&mut reader(), black_box(&workload.bytes), chunk));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, receive);
criterion_main!(benches);
