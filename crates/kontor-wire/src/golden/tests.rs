mod parts;
mod runs;
mod stub;
