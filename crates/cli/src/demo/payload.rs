//! Payloads full of what looks like protocol.

/// What a reader that searches payload would fall for.
const TRAPS: &[&[u8]] = &[
    b"\r\nOK\r\n",
    b"\r\n> ",
    b"\r\nERROR\r\n",
    b"\r\n0, CLOSED\r\n",
    b"\r\nCLOSED\r\n",
    b"\r\nNO CARRIER\r\n",
    b"+++",
    b"\r\n+RECEIVE,0,9:\r\n",
    b"\r\n+IPD,7:",
    b"\r\n+IPD7\r\n",
    b"\r\n+CIPRXGET: 2,0,8,0\r\n",
    b"\r\n+CIPRXGET: 1,1\r\n",
    b"\r\n0, SEND OK\r\n",
    b"\r\n+CIPSEND: 0,5,5\r\n",
    b"\r\n+IPCLOSE: 0,1\r\n",
    b"\r\n+PDP: DEACT\r\n",
    b"\r\nRDY\r\n",
    b"\r\n+CME ERROR: 3\r\n",
    b"RECV FROM:1.2.3.4:5\r\n",
    b"AT+CIPCLOSE=0\r",
];

/// Bytes that a Ctrl-Z dialect cannot send.
const ENDS: [u8; 2] = [0x1a, 0x1b];

/// So many bytes: traps between random bytes. `plain`: without the bytes that end a payload on Ctrl-Z dialects.
pub fn nasty(len: usize, seed: u32, plain: bool) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize
    };
    let mut bytes = Vec::with_capacity(len + 64);
    while bytes.len() < len {
        bytes.extend_from_slice(TRAPS[next() % TRAPS.len()]);
        for _ in 0..next() % 97 {
            #[expect(clippy::cast_possible_truncation)]
            let byte = next() as u8;
            bytes.push(if plain && ENDS.contains(&byte) { b'.' } else { byte });
        }
    }
    bytes.truncate(len);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_holds_the_traps_and_every_byte() {
        let bytes = nasty(65_536, 1, false);
        assert_eq!(bytes.len(), 65_536);
        assert!((0..=255).all(|byte| bytes.contains(&byte)));
        for trap in TRAPS {
            assert!(bytes.windows(trap.len()).any(|window| window == *trap));
        }
        assert_ne!(bytes, nasty(65_536, 2, false));
        assert!(!nasty(65_536, 1, true).iter().any(|byte| ENDS.contains(byte)));
    }
}
