use super::*;
use alloc::vec;
use proptest::prelude::*;

fn at(ms: u32) -> Instant {
    Instant::from_millis(ms)
}

/// Reads a line to its end under virtual time; the pieces and when each came.
fn drain(wire: &mut Wire, from: Instant) -> Vec<(u32, Vec<u8>)> {
    let mut now = from;
    let mut pieces = Vec::new();
    while let Some(due) = wire.deadline() {
        if now.until(due) > 0 {
            now = due;
        }
        let mut piece = Vec::new();
        if wire.pull(now, &mut piece) > 0 {
            pieces.push((now.millis(), piece));
        }
    }
    pieces
}

fn bytes_of(pieces: &[(u32, Vec<u8>)]) -> Vec<u8> {
    pieces.iter().flat_map(|(_, piece)| piece.clone()).collect()
}

#[test]
fn a_perfect_line_gives_everything_at_once_and_in_one_piece() {
    let mut wire = Wire::unpaced();
    assert_eq!(wire.push(at(5), b"AT\r"), 3);
    assert_eq!(wire.push(at(5), b"ATI\r"), 4);
    assert_eq!(drain(&mut wire, at(5)), [(5, b"AT\rATI\r".to_vec())]);
    assert!(wire.is_empty());
    assert_eq!(wire.deadline(), None);
}

#[test]
fn a_byte_takes_ten_bits_of_the_line() {
    let settings = WireSettings { baud: 9_600, delay_ms: 3, ..WireSettings::default() };
    let mut wire = Wire::new(settings, 0);
    wire.push(at(0), &[b'x'; 960]);
    let pieces = drain(&mut wire, at(0));
    assert_eq!(pieces.first().unwrap().0, 2 + 3, "1.04 ms, and the delay");
    assert_eq!(pieces.last().unwrap().0, 1_000 + 3, "960 bytes are one second");
}

#[test]
fn a_line_read_late_kept_its_times_and_an_idle_one_starts_anew() {
    let settings = WireSettings { baud: 10_000, ..WireSettings::default() };
    let mut wire = Wire::new(settings, 0);
    wire.push(at(0), b"abc");
    let mut out = Vec::new();
    assert_eq!(wire.pull(at(2), &mut out), 2);
    wire.push(at(10), b"d");
    assert_eq!(wire.pull(at(10), &mut out), 1, "c has come, d is on its way");
    assert_eq!(wire.deadline(), Some(at(11)));
    assert_eq!(wire.pull(at(11), &mut out), 1);
    assert_eq!(out, b"abcd");
}

#[test]
fn time_may_wrap_while_bytes_are_on_their_way() {
    let settings = WireSettings { baud: 1_000, delay_ms: 30, ..WireSettings::default() };
    let mut wire = Wire::new(settings, 0);
    let start = at(u32::MAX - 15);
    wire.push(start, b"ab");
    let times: Vec<u32> = drain(&mut wire, start).iter().map(|(ms, _)| *ms).collect();
    assert_eq!(times, [start.after(40).millis(), start.after(50).millis()]);
}

#[test]
fn a_full_sender_takes_only_what_it_has_room_for() {
    let settings = WireSettings { baud: 10_000, sender: 4, ..WireSettings::default() };
    let mut wire = Wire::new(settings, 0);
    assert_eq!(wire.push(at(0), b"abcdef"), 4);
    assert_eq!(wire.push(at(0), b"ef"), 0);
    assert_eq!(wire.room(), Some(at(1)));
    assert_eq!(wire.push(at(2), b"ef"), 2, "two bytes are out");
    assert_eq!(bytes_of(&drain(&mut wire, at(2))), b"abcdef");
}

#[test]
fn what_comes_to_a_full_receiver_is_lost() {
    let mut wire = Wire::new(WireSettings { baud: 10_000, receiver: 3, ..WireSettings::default() }, 0);
    wire.push(at(0), b"abcdef");
    let mut out = Vec::new();
    wire.pull(at(5), &mut out);
    wire.pull(at(6), &mut out);
    assert_eq!(out, b"abcf");
    assert_eq!(wire.statistics().overrun, 2);
}

#[test]
fn with_flow_control_a_full_receiver_stops_the_sender() {
    let settings = WireSettings { baud: 10_000, receiver: 3, flow_control: true, ..WireSettings::default() };
    let mut wire = Wire::new(settings, 0);
    wire.push(at(0), b"abcdef");
    let mut out = Vec::new();
    assert_eq!(wire.pull(at(100), &mut out), 3);
    assert_eq!(wire.deadline(), Some(at(101)), "the line goes on when there is room");
    assert_eq!(wire.pull(at(110), &mut out), 3);
    assert_eq!((out.as_slice(), wire.statistics().overrun), (&b"abcdef"[..], 0));
}

#[test]
fn each_fault_does_what_it_says() {
    let with = |faults| {
        let mut wire = Wire::new(WireSettings { faults, ..WireSettings::default() }, 9);
        wire.push(at(0), b"OK");
        (bytes_of(&drain(&mut wire, at(0))), wire.statistics())
    };
    let always = 1_000_000;
    assert_eq!(with(Faults { drop_ppm: always, ..Faults::default() }).0, b"");
    assert_eq!(with(Faults { double_ppm: always, ..Faults::default() }).0, b"OOKK");
    let (flipped, statistics) = with(Faults { flip_ppm: always, ..Faults::default() });
    assert_eq!(((flipped[0] ^ b'O').count_ones(), (flipped[1] ^ b'K').count_ones()), (1, 1));
    assert_eq!(statistics.flipped, 2);
    let (noisy, statistics) = with(Faults { noise_ppm: always, noise_len: 4, ..Faults::default() });
    assert_eq!(noisy.len() as u64, 2 + statistics.noise);
    assert!((2..=8).contains(&statistics.noise));
}

#[test]
fn a_pause_holds_the_line_between_two_bytes() {
    let settings = WireSettings { pause_ppm: 1_000_000, pause_ms: 50, ..WireSettings::default() };
    let mut wire = Wire::new(settings, 4);
    wire.push(at(0), b"abcdefgh");
    let pieces = drain(&mut wire, at(0));
    assert_eq!(bytes_of(&pieces), b"abcdefgh");
    assert!(pieces.len() > 3, "{pieces:?}");
}

#[test]
fn damage_does_not_depend_on_how_the_receiver_reads() {
    let faults =
        Faults { drop_ppm: 50_000, flip_ppm: 50_000, noise_ppm: 50_000, noise_len: 9, double_ppm: 9_000 };
    let run = |piece| {
        let mut wire =
            Wire::new(WireSettings { baud: 115_200, piece, faults, ..WireSettings::default() }, 11);
        wire.push(at(0), &vec![b'u'; 2_000]);
        bytes_of(&drain(&mut wire, at(0)))
    };
    assert_eq!(run(0), run(7));
    assert_ne!(run(0), vec![b'u'; 2_000]);
}

fn settings() -> impl Strategy<Value = WireSettings> {
    (0..3u32, 0..40u32, 0..20u32, 0..200_000u32, 0..20u32, 0..40usize).prop_map(
        |(rate, delay_ms, piece, pause_ppm, pause_ms, receiver)| WireSettings {
            baud: [0, 9_600, 921_600][rate as usize],
            delay_ms,
            piece,
            pause_ppm,
            pause_ms,
            receiver,
            flow_control: true,
            ..WireSettings::default()
        },
    )
}

proptest! {
    #[test]
    fn without_faults_the_bytes_out_are_the_bytes_in(
        settings in settings(), seed: u64,
        pushes in prop::collection::vec((0..50u32, prop::collection::vec(any::<u8>(), 0..60)), 0..20),
    ) {
        let piece = settings.piece as usize;
        let mut wire = Wire::new(settings, seed);
        let (mut now, mut sent, mut got) = (at(0), Vec::new(), Vec::new());
        for (wait_ms, bytes) in pushes {
            now = now.after(wait_ms);
            prop_assert_eq!(wire.push(now, &bytes), bytes.len());
            sent.extend(bytes);
            wire.pull(now, &mut got);
        }
        for (_, bytes) in drain(&mut wire, now) {
            prop_assert!(piece == 0 || bytes.len() <= piece);
            got.extend(bytes);
        }
        prop_assert_eq!(got, sent);
    }

    #[test]
    fn every_byte_is_accounted_for(
        mut settings in settings(), seed: u64, len in 0..600usize, read_ms in 1..30u32,
        (drop_ppm, flip_ppm, double_ppm, noise_ppm) in (0..300_000u32, 0..300_000u32, 0..300_000u32, 0..300_000u32),
    ) {
        settings.flow_control = false;
        settings.faults = Faults { drop_ppm, flip_ppm, double_ppm, noise_ppm, noise_len: 5 };
        let mut wire = Wire::new(settings, seed);
        wire.push(at(0), &vec![b'x'; len]);
        let (mut now, mut got) = (at(0), Vec::new());
        while !wire.is_empty() {
            now = now.after(read_ms);
            wire.pull(now, &mut got);
        }
        let s = wire.statistics();
        prop_assert_eq!(s.delivered, got.len() as u64);
        prop_assert_eq!(s.delivered + s.dropped + s.overrun, s.pushed + s.doubled + s.noise);
    }
}
