#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| spandrel_tests::fuzz::diff(data));
