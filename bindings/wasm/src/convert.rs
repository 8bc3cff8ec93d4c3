//! Between the core's types and JavaScript's.

use std::fmt::Debug;

use js_sys::{Array, Error, Object, Reflect, Uint8Array};
use simcom_at::{Dialect, Instant, Ipv4Addr, Refused, SocketAddrV4};
use wasm_bindgen::prelude::*;

/// A clock in milliseconds as JavaScript has it (`performance.now()`), and the same in the core's milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    base: f64,
    ms: u64,
}

impl Clock {
    /// A clock that stands at `now`, or at 0.
    pub fn new(now: Option<f64>) -> Result<Self, JsValue> {
        let base = now.unwrap_or(0.0);
        if base.is_finite() { Ok(Self { base, ms: 0 }) } else { Err(bad_time()) }
    }

    /// Sets it to `now`, or leaves it where it is; it never goes back.
    pub fn set(&mut self, now: Option<f64>) -> Result<Instant, JsValue> {
        if let Some(now) = now {
            // A deadline may have been rounded on its way: a microsecond too early counts as in time.
            let ms = now - self.base + 0.001;
            if !ms.is_finite() || ms > 1e15 {
                return Err(bad_time());
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
            let ms = ms.max(0.0) as u64;
            self.ms = self.ms.max(ms);
        }
        Ok(self.now())
    }

    /// The time.
    pub fn now(&self) -> Instant {
        #[expect(clippy::cast_possible_truncation, reason = "the core's clock wraps")]
        Instant::from_millis(self.ms as u32)
    }

    /// A moment that is not long ago, by the caller's clock.
    pub fn millis(&self, at: Instant) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a program that runs for 285,000 years")]
        let ms = (self.ms + u64::from(self.now().until(at))) as f64;
        self.base + ms
    }
}

fn bad_time() -> JsValue {
    range_error("now must be a finite number of milliseconds")
}

/// A `TypeError`.
pub fn type_error(text: &str) -> JsValue {
    js_sys::TypeError::new(text).into()
}

/// A `RangeError`.
pub fn range_error(text: &str) -> JsValue {
    js_sys::RangeError::new(text).into()
}

/// The error for a call that was not taken: its `name` is `Refused`, its `reason` one of `RefusedReason`.
pub fn refused(why: Refused) -> JsValue {
    let error = Error::new(&why.to_string());
    error.set_name("Refused");
    set(&error, "reason", &variant(&why).into());
    error.into()
}

/// The dialect of that name.
pub fn dialect(name: &str) -> Result<Dialect, JsValue> {
    Dialect::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
        range_error(&format!("unknown dialect {name:?}; it must be one of {}", names.join(", ")))
    })
}

/// An IPv4 address.
pub fn address(text: &str) -> Result<Ipv4Addr, JsValue> {
    text.parse().map_err(|_| range_error(&format!("{text:?} is no IPv4 address")))
}

/// `{ host, port }`.
pub fn peer(at: SocketAddrV4) -> JsValue {
    Make::new().text("host", &at.ip().to_string()).number("port", at.port()).done()
}

/// The address in `{ host, port }`.
pub fn peer_from(value: &JsValue) -> Result<Option<SocketAddrV4>, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let words = Words::new(value);
    let at = SocketAddrV4::new(address(&words.text("host")?)?, words.whole("port")?);
    words.end("an address")?;
    Ok(Some(at))
}

/// `NotSent` and `NotSent(3)` as `not_sent`: the words of all languages.
pub fn variant(value: &impl Debug) -> String {
    let said = format!("{value:?}");
    let mut name = String::new();
    for letter in said.chars().take_while(|letter| letter.is_ascii_alphanumeric()) {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// A copy for JavaScript.
pub fn bytes(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

/// Sets a property of an object of ours: that cannot fail.
pub fn set(object: &JsValue, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &wasm_bindgen::intern(key).into(), value);
}

/// A plain object in the making.
pub struct Make(Object);

impl Make {
    /// An empty object.
    pub fn new() -> Self {
        Self(Object::new())
    }

    /// With any value.
    pub fn value(self, key: &str, value: impl Into<JsValue>) -> Self {
        set(&self.0, key, &value.into());
        self
    }

    /// With a text.
    pub fn text(self, key: &str, value: &str) -> Self {
        self.value(key, value)
    }

    /// With a word that comes again and again.
    pub fn word(self, key: &str, value: &str) -> Self {
        self.value(key, wasm_bindgen::intern(value))
    }

    /// With a number.
    pub fn number(self, key: &str, value: impl Into<f64>) -> Self {
        self.value(key, value.into())
    }

    /// With a number, or without the property.
    pub fn number_if(self, key: &str, value: Option<impl Into<f64>>) -> Self {
        match value {
            Some(value) => self.number(key, value),
            None => self,
        }
    }

    /// The object.
    pub fn done(self) -> JsValue {
        self.0.into()
    }
}

/// The list of texts.
pub fn texts<'a>(all: impl IntoIterator<Item = &'a str>) -> Array {
    all.into_iter().map(JsValue::from).collect()
}

/// The properties of one object argument, each taken by name; what is left over is an error.
pub struct Words {
    object: JsValue,
    taken: std::cell::Cell<u32>,
}

impl Words {
    /// `undefined` has no properties.
    pub fn new(object: &JsValue) -> Self {
        Self { object: object.clone(), taken: 0.into() }
    }

    /// The value, if it is there.
    pub fn find(&self, key: &str) -> Option<JsValue> {
        if !self.object.is_object() {
            return None;
        }
        let key = JsValue::from(key);
        if !Reflect::has(&self.object, &key).unwrap_or(false) {
            return None;
        }
        self.taken.set(self.taken.get() + 1);
        Reflect::get(&self.object, &key).ok().filter(|value| !value.is_undefined())
    }

    fn need(&self, key: &str) -> Result<JsValue, JsValue> {
        self.find(key).ok_or_else(|| type_error(&format!("the property {key} is missing")))
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<String, JsValue> {
        text(key, &self.need(key)?)
    }

    /// A whole number that fits the type.
    pub fn whole<T: TryFrom<i64>>(&self, key: &str) -> Result<T, JsValue> {
        whole(key, &self.need(key)?)
    }

    /// The same, when it is there.
    pub fn whole_or<T: TryFrom<i64>>(&self, key: &str, other: T) -> Result<T, JsValue> {
        self.find(key).map_or(Ok(other), |value| whole(key, &value))
    }

    /// A truth value, when it is there.
    pub fn flag_or(&self, key: &str, other: bool) -> Result<bool, JsValue> {
        self.find(key).map_or(Ok(other), |value| flag(key, &value))
    }

    /// Bytes.
    pub fn bytes(&self, key: &str) -> Result<Vec<u8>, JsValue> {
        self.need(key)?
            .dyn_into::<Uint8Array>()
            .map(|bytes| bytes.to_vec())
            .map_err(|_| type_error(&format!("{key} must be a Uint8Array")))
    }

    /// There is no property that was not taken.
    pub fn end(&self, what: &str) -> Result<(), JsValue> {
        let count = self.object.dyn_ref::<Object>().map_or(0, |object| Object::keys(object).length());
        if count == self.taken.get() {
            return Ok(());
        }
        Err(type_error(&format!("{what} has properties that are not known")))
    }
}

/// A text.
pub fn text(key: &str, value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| type_error(&format!("{key} must be a text")))
}

/// A truth value.
pub fn flag(key: &str, value: &JsValue) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| type_error(&format!("{key} must be true or false")))
}

/// A whole number that fits the type.
pub fn whole<T: TryFrom<i64>>(key: &str, value: &JsValue) -> Result<T, JsValue> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15);
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    let fits = number.and_then(|number| T::try_from(number as i64).ok());
    fits.ok_or_else(|| range_error(&format!("{key} must be a whole number in its range")))
}

/// Gives each property of an object with its key as the core writes it: `delayMs` is `delay_ms`. `set` says whether it knows it.
pub fn each(
    object: &JsValue,
    what: &str,
    mut set: impl FnMut(&str, &JsValue) -> Result<bool, JsValue>,
) -> Result<(), JsValue> {
    let Some(object) = object.dyn_ref::<Object>() else { return Ok(()) };
    for pair in Object::entries(object).iter() {
        let pair = Array::from(&pair);
        let (key, value) = (pair.get(0).as_string().unwrap_or_default(), pair.get(1));
        if !value.is_undefined() && !set(&snake(&key), &value)? {
            return Err(type_error(&format!("{what} has no {key}")));
        }
    }
    Ok(())
}

fn snake(key: &str) -> String {
    let mut name = String::new();
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// A value of a setting.
pub trait Given: Sized {
    /// Takes it from JavaScript.
    fn given(key: &str, value: &JsValue) -> Result<Self, JsValue>;
}

macro_rules! whole_given {
    ($($type:ty)*) => {
        $(impl Given for $type {
            fn given(key: &str, value: &JsValue) -> Result<Self, JsValue> {
                whole(key, value)
            }
        })*
    };
}
whole_given!(u8 u16 u32 usize);

impl Given for bool {
    fn given(key: &str, value: &JsValue) -> Result<Self, JsValue> {
        flag(key, value)
    }
}

impl Given for String {
    fn given(key: &str, value: &JsValue) -> Result<Self, JsValue> {
        text(key, value)
    }
}

impl Given for Vec<String> {
    fn given(key: &str, value: &JsValue) -> Result<Self, JsValue> {
        value.dyn_ref::<Array>().into_iter().flat_map(Array::iter).map(|line| text(key, &line)).collect()
    }
}
